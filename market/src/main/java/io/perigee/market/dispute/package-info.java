/** From two runs that differ to the one segment that shows who is right, and who says so. */
@NullMarked
package io.perigee.market.dispute;

import org.jspecify.annotations.NullMarked;
