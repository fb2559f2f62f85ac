/** Jobs paid by epoch: built, posted, answered for, settled; and those that no epoch paid. */
@NullMarked
package io.perigee.settlement.epoch;

import org.jspecify.annotations.NullMarked;
