/** Which answers agree: the replicate policy. */
@NullMarked
package io.perigee.market.verification;

import org.jspecify.annotations.NullMarked;
