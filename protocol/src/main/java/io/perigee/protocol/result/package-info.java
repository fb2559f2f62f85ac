/** Proof of work done: border hashes, Merkle roots, seals, openings, and the bundle anybody can check. */
@NullMarked
package io.perigee.protocol.result;

import org.jspecify.annotations.NullMarked;
