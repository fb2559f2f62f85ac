/** The trained part: adapters, their start, their optimiser and their schedule. */
@NullMarked
package io.perigee.trainers.strict.lora;

import org.jspecify.annotations.NullMarked;
