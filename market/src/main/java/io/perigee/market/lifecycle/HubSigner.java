package io.perigee.market.lifecycle;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;

/** The hub's signing key. Signing one digest twice gives the same bytes (RFC 6979), so decisions replay. */
@FunctionalInterface
public interface HubSigner {
    Signature sign(Digest digest);
}
