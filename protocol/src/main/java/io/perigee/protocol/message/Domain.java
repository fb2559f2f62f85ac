package io.perigee.protocol.message;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a signature is good: one escrow contract on one chain (EIP-712 domain "Perigee", version "1").
 *
 * @param chainId the chain's id (EIP-155)
 * @param escrow the verifying contract
 */
public record Domain(long chainId, Address escrow) {
    private static final Digest TYPE =
            type("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final Digest NAME = type("Perigee");
    private static final Digest VERSION = type("1");

    public Domain {
        Unsigned.require("chainId", chainId);
    }

    public Digest separator() {
        return new AbiWords()
                .digest(TYPE)
                .digest(NAME)
                .digest(VERSION)
                .number(chainId)
                .address(escrow)
                .keccak();
    }

    /** The digest to sign for a struct: keccak256(0x1901 ‖ separator ‖ structHash). */
    public Digest digest(Digest structHash) {
        return Keccak256.hash(typedData(structHash));
    }

    /** What that digest is of, for a signer that hashes by itself: 0x1901 ‖ separator ‖ structHash. */
    public byte[] typedData(Digest structHash) {
        return ByteBuffer.allocate(2 + 2 * Digest.BYTES)
                .put((byte) 0x19)
                .put((byte) 0x01)
                .put(separator().bytes())
                .put(structHash.bytes())
                .array();
    }

    static Digest type(String definition) {
        return Keccak256.hash(definition.getBytes(StandardCharsets.US_ASCII));
    }
}
