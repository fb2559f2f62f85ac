/** Who offers capacity now. */
@NullMarked
package io.perigee.api.provider;

import org.jspecify.annotations.NullMarked;
