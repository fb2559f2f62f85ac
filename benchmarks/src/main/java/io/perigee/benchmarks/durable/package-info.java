/** What the durable path costs, from a signed job to its assignments, with every part real. */
@NullMarked
package io.perigee.benchmarks.durable;

import org.jspecify.annotations.NullMarked;
