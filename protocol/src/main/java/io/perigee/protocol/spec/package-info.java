/** The job spec: what a builder writes, what is signed and hashed, and everything that can be wrong with it. */
@NullMarked
package io.perigee.protocol.spec;

import org.jspecify.annotations.NullMarked;
