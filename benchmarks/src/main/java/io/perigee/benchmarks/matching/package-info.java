/** How fast offers are matched with jobs. */
@NullMarked
package io.perigee.benchmarks.matching;

import org.jspecify.annotations.NullMarked;
