package io.perigee.protocol.message;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/** {@code abi.encode} of static types: one 32-byte word after another. */
public final class AbiWords {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(32 * 14);

    public AbiWords word(byte[] bytes32) {
        if (bytes32.length != 32) {
            throw new IllegalArgumentException("Expected to encode a word of 32 bytes, but got " + bytes32.length);
        }
        out.writeBytes(bytes32);
        return this;
    }

    public AbiWords digest(Digest value) {
        return word(value.bytes());
    }

    public AbiWords provider(ProviderId value) {
        return word(value.bytes());
    }

    public AbiWords address(Address value) {
        out.writeBytes(new byte[12]);
        out.writeBytes(value.bytes());
        return this;
    }

    public AbiWords amount(Amount value) {
        return unsigned(value.value());
    }

    /** Any of uint8 to uint64; the value must not be negative. */
    public AbiWords number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("Expected to encode an unsigned number, but got " + value);
        }
        return unsigned(BigInteger.valueOf(value));
    }

    public AbiWords bool(boolean value) {
        return number(value ? 1 : 0);
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    public Digest keccak() {
        return Keccak256.hash(bytes());
    }

    private AbiWords unsigned(BigInteger value) {
        var raw = value.toByteArray();
        int skip = raw.length == 33 ? 1 : 0;
        out.writeBytes(new byte[32 - (raw.length - skip)]);
        out.write(raw, skip, raw.length - skip);
        return this;
    }
}
