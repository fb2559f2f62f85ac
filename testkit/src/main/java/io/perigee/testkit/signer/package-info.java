/** A stand-in for a remote signer. */
@NullMarked
package io.perigee.testkit.signer;

import org.jspecify.annotations.NullMarked;
