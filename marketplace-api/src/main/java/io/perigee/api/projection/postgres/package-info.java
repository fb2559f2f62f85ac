/** The read model's tables. */
@NullMarked
package io.perigee.api.projection.postgres;

import org.jspecify.annotations.NullMarked;
