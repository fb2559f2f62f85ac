/** From a decided job to money that has moved, each attempt paid at most once. */
@NullMarked
package io.perigee.settlement.payout;

import org.jspecify.annotations.NullMarked;
