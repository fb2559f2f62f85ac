/** How everything here reaches PostgreSQL. */
@NullMarked
package io.perigee.api.persistence.postgres;

import org.jspecify.annotations.NullMarked;
