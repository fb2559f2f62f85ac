/** The strict LoRA trainer: the same bits on every machine, in plain Java. */
@NullMarked
package io.perigee.trainers.strict;

import org.jspecify.annotations.NullMarked;
