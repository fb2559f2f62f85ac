/** Other markets' rules from their published formulas, for the same table. */
@NullMarked
package io.perigee.scenarios.simulation.peer;

import org.jspecify.annotations.NullMarked;
