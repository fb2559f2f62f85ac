/** Which segments of a sealed run are audited: the block that draws, as soon as it stands. */
@NullMarked
package io.perigee.scheduler.draw;

import org.jspecify.annotations.NullMarked;
