/** Jobs as their builder sees them: quotes, submission, the read model, live events, and the final proof. */
@NullMarked
package io.perigee.api.job;

import org.jspecify.annotations.NullMarked;
