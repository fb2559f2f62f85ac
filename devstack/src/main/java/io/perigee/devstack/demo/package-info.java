/** The demonstration: from a bare machine to a paid, verified fine-tune, as a builder would do it. */
@NullMarked
package io.perigee.devstack.demo;

import org.jspecify.annotations.NullMarked;
