/** Time and randomness for whoever writes facts. */
@NullMarked
package io.perigee.api.persistence;

import org.jspecify.annotations.NullMarked;
