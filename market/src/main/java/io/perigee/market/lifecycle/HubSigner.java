package io.perigee.market.lifecycle;

import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.Signed;

/**
 * The hub's signing key, in this process or in a remote signer. A key file's signatures are the same each time (RFC 6979); a
 * remote signer's need not be, so whoever replays takes the signature from the fact.
 */
@FunctionalInterface
public interface HubSigner {
    /** Signs a message as EIP-712 typed data. */
    Signature sign(Signed message, Domain domain);
}
