/** The protocol's messages in the shapes of the generated wrappers: the one place where the two meet. */
@NullMarked
package io.perigee.contracts.shape;

import org.jspecify.annotations.NullMarked;
