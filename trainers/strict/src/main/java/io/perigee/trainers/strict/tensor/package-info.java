/** Named float32 tensors and their canonical safetensors form. */
@NullMarked
package io.perigee.trainers.strict.tensor;

import org.jspecify.annotations.NullMarked;
