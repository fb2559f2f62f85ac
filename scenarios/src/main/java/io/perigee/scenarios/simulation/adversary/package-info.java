/** The strategies a market must survive, each in words and in a few lines. */
@NullMarked
package io.perigee.scenarios.simulation.adversary;

import org.jspecify.annotations.NullMarked;
