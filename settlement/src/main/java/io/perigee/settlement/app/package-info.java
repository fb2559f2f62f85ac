/** Stage 5 as one service: settings, wiring, health, and the process around it. */
@NullMarked
package io.perigee.settlement.app;

import org.jspecify.annotations.NullMarked;
