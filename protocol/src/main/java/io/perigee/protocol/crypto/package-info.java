/** Hashes, keys and signatures of secp256k1, and key files; Bouncy Castle stays behind this package. */
@NullMarked
package io.perigee.protocol.crypto;

import org.jspecify.annotations.NullMarked;
