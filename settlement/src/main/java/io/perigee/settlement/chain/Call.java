package io.perigee.settlement.chain;

import io.perigee.protocol.id.Address;

/** A message to a contract: encoded function and arguments, never any ether. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Call(Address to, byte[] data) {
    /** What nodes accept as one transaction. */
    public static final int MAX_BYTES = 128 * 1024;

    public Call {
        if (data.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "Expected to make a call of at most %d bytes, but got %d".formatted(MAX_BYTES, data.length));
        }
        data = data.clone();
    }

    @Override
    public byte[] data() {
        return data.clone();
    }
}
