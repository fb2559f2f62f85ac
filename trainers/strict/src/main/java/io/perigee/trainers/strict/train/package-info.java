/** Forward, backward, segments and checkpoints. */
@NullMarked
package io.perigee.trainers.strict.train;

import org.jspecify.annotations.NullMarked;
