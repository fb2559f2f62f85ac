/** What a provider sells. */
@NullMarked
package io.perigee.protocol.offer;

import org.jspecify.annotations.NullMarked;
