/** Offers in PostgreSQL. */
@NullMarked
package io.perigee.api.provider.postgres;

import org.jspecify.annotations.NullMarked;
