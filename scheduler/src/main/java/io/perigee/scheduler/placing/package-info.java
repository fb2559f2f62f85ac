/** Providers and where jobs are placed. */
@NullMarked
package io.perigee.scheduler.placing;

import org.jspecify.annotations.NullMarked;
