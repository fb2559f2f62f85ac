/** Bytes by their hash: resumable uploads, ranged downloads, and who may read what. */
@NullMarked
package io.perigee.api.artifact;

import org.jspecify.annotations.NullMarked;
