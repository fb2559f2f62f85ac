/** Epochs, for everybody to read: what was posted, and the files that let anybody compute it again. */
@NullMarked
package io.perigee.api.epoch;

import org.jspecify.annotations.NullMarked;
