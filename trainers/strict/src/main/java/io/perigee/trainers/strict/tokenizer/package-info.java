/** Byte-level BPE, read from tokenizer.json. */
@NullMarked
package io.perigee.trainers.strict.tokenizer;

import org.jspecify.annotations.NullMarked;
