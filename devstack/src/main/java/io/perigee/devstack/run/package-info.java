/** A stack that is left running: {@code up} and {@code down}. */
@NullMarked
package io.perigee.devstack.run;

import org.jspecify.annotations.NullMarked;
