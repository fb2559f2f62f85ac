/** Artifacts as files of one directory. */
@NullMarked
package io.perigee.api.artifact.filesystem;

import org.jspecify.annotations.NullMarked;
