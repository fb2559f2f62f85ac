package io.perigee.eventlog.key;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Signature;

/** A key that signs and is never shown. Safe for use by many threads. */
public interface Signer extends AutoCloseable {
    Address address();

    /**
     * Signs keccak256 of the data; the signature is by {@link #address()}, with a low s. The same data may give other bytes
     * the next time, so who needs the same bytes again stores them.
     *
     * @throws SignerFault when no signature came; nothing has happened, and the same may be asked again
     */
    Signature sign(byte[] data);

    /** Whether it would sign now. Quick enough for a readiness check. */
    boolean reachable();

    @Override
    void close();
}
