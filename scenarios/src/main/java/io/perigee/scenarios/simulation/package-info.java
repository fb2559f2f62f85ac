/** A deterministic world around the market's own rules: thousands of lives, a bad log, and cheats of every kind. */
@NullMarked
package io.perigee.scenarios.simulation;

import org.jspecify.annotations.NullMarked;
