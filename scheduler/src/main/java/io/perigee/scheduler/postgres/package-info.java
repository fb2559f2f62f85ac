/** The scheduler's tables. */
@NullMarked
package io.perigee.scheduler.postgres;

import org.jspecify.annotations.NullMarked;
