/** Sessions in PostgreSQL. */
@NullMarked
package io.perigee.api.session.postgres;

import org.jspecify.annotations.NullMarked;
