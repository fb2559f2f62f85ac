/** Agents, and what they say, in PostgreSQL. */
@NullMarked
package io.perigee.api.gateway.postgres;

import org.jspecify.annotations.NullMarked;
