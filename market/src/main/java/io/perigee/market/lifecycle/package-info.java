/** The life of a job: what may happen in which state, who decides it, and until when. */
@NullMarked
package io.perigee.market.lifecycle;

import org.jspecify.annotations.NullMarked;
