/** Who gets what from a decided job, by the contract's own arithmetic. */
@NullMarked
package io.perigee.market.payout;

import org.jspecify.annotations.NullMarked;
