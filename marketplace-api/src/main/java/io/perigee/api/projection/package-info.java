/** The read model: facts of the log, as builders and agents may see them. */
@NullMarked
package io.perigee.api.projection;

import org.jspecify.annotations.NullMarked;
