/** Jobs: what happens to one is decided here, and stored with what leaves. */
@NullMarked
package io.perigee.scheduler.job;

import org.jspecify.annotations.NullMarked;
