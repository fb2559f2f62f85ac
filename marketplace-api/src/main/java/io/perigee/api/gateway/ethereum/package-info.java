/** What the gateway asks the chain. */
@NullMarked
package io.perigee.api.gateway.ethereum;

import org.jspecify.annotations.NullMarked;
