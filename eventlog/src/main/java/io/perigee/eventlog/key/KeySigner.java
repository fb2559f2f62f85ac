package io.perigee.eventlog.key;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Signature;

/** A key in this process's memory, read from a key file. Its signatures are the same each time (RFC 6979). */
public record KeySigner(KeyPair key) implements Signer {
    @Override
    public Address address() {
        return key.address();
    }

    @Override
    public Signature sign(byte[] data) {
        return key.sign(Keccak256.hash(data));
    }

    @Override
    public boolean reachable() {
        return true;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
