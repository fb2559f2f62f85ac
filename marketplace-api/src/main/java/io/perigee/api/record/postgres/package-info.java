/** Records in PostgreSQL. */
@NullMarked
package io.perigee.api.record.postgres;

import org.jspecify.annotations.NullMarked;
