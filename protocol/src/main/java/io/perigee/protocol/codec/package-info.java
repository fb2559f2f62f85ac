/** JSON: the one mapper, canonical bytes (RFC 8785) and directory manifests. */
@NullMarked
package io.perigee.protocol.codec;

import org.jspecify.annotations.NullMarked;
