/** Refusals as RFC 9457 problem documents: one shape for every answer that is not a success. */
@NullMarked
package io.perigee.api.problem;

import org.jspecify.annotations.NullMarked;
