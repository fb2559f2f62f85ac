/** A market on a real chain for tests: contracts, a builder, a hub, owners, and everything they sign. */
@NullMarked
package io.perigee.settlement.testing;

import org.jspecify.annotations.NullMarked;
