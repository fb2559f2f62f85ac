/** What an epoch costs whoever settles. */
@NullMarked
package io.perigee.benchmarks.epoch;

import org.jspecify.annotations.NullMarked;
