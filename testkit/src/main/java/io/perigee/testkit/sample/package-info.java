/** Parties, jobs and runs for tests: everything is a function of its name, and every signature is real. */
@NullMarked
package io.perigee.testkit.sample;

import org.jspecify.annotations.NullMarked;
