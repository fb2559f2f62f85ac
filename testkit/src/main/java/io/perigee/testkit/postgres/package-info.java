/** A real PostgreSQL, started from binaries on the class path. */
@org.jspecify.annotations.NullMarked
package io.perigee.testkit.postgres;
