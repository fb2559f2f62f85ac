/** Images of jobs that behave in every way a stranger's container may. */
@NullMarked
package io.perigee.testkit.image;

import org.jspecify.annotations.NullMarked;
