/** Which answers agree, and what a difference costs: the policies replicate, audit and full-audit. */
@NullMarked
package io.perigee.market.verification;

import org.jspecify.annotations.NullMarked;
