/** The dataset and the order in which it is read. */
@NullMarked
package io.perigee.trainers.strict.data;

import org.jspecify.annotations.NullMarked;
