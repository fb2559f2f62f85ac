/** Jobs in PostgreSQL. */
@NullMarked
package io.perigee.api.job.postgres;

import org.jspecify.annotations.NullMarked;
