/** Starts and stops what runs in this process beside HTTP. */
@NullMarked
package io.perigee.api.process;

import org.jspecify.annotations.NullMarked;
