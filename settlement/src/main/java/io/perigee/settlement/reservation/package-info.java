/** Funding: one allotment is never promised twice. */
@NullMarked
package io.perigee.settlement.reservation;

import org.jspecify.annotations.NullMarked;
