/** What can go wrong with a job, as the container contract's exit codes. */
@NullMarked
package io.perigee.trainers.strict.failure;

import org.jspecify.annotations.NullMarked;
