package io.perigee.settlement.testing;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;

/** Somebody who stands behind one provider. */
public record Owner(KeyPair wallet, KeyPair session, Digest salt, ProviderId provider) {
    public Address address() {
        return wallet.address();
    }
}
