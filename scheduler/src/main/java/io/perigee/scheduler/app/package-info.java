/** The process: settings, wiring, start and stop. */
@NullMarked
package io.perigee.scheduler.app;

import org.jspecify.annotations.NullMarked;
