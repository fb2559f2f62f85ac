/** A container engine of a test run's own. */
@NullMarked
package io.perigee.testkit.engine;

import org.jspecify.annotations.NullMarked;
