/** The node that the scheduler reads blocks from. */
@NullMarked
package io.perigee.scheduler.ethereum;

import org.jspecify.annotations.NullMarked;
