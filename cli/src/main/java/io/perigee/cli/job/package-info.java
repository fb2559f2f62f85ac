/** Jobs, from the file a builder writes to the proof on disk. */
@NullMarked
package io.perigee.cli.job;

import org.jspecify.annotations.NullMarked;
