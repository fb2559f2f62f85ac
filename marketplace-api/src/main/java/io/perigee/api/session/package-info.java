/** Signing in, and who is asking. */
@NullMarked
package io.perigee.api.session;

import org.jspecify.annotations.NullMarked;
