/** What owners, builders and numeric classes have shown, as far as the jobs of this hub say. */
@NullMarked
package io.perigee.scheduler.record;

import org.jspecify.annotations.NullMarked;
