/** The frozen base model: a small Llama in Hugging Face layout. */
@NullMarked
package io.perigee.trainers.strict.model;

import org.jspecify.annotations.NullMarked;
