/** A bounded JSON reader and a canonical writer, small enough to start quickly. */
@NullMarked
package io.perigee.trainers.strict.json;

import org.jspecify.annotations.NullMarked;
