/** The few numerical operations everything is made of, each with one fixed order of rounding. */
@NullMarked
package io.perigee.trainers.strict.math;

import org.jspecify.annotations.NullMarked;
