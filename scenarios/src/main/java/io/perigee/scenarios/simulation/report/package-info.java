/** Tables, JSON and a plot of what was simulated. */
@NullMarked
package io.perigee.scenarios.simulation.report;

import org.jspecify.annotations.NullMarked;
