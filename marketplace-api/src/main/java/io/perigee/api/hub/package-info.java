/** Who this hub is and what it offers. */
@NullMarked
package io.perigee.api.hub;

import org.jspecify.annotations.NullMarked;
