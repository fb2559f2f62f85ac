/** The job as the container finds it. */
@NullMarked
package io.perigee.trainers.strict.job;

import org.jspecify.annotations.NullMarked;
