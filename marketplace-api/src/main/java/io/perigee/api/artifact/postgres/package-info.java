/** Who uploaded and who may read, in PostgreSQL. */
@NullMarked
package io.perigee.api.artifact.postgres;

import org.jspecify.annotations.NullMarked;
