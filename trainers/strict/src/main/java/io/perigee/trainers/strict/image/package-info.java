/** The job image, made without a registry. */
@NullMarked
package io.perigee.trainers.strict.image;

import org.jspecify.annotations.NullMarked;
