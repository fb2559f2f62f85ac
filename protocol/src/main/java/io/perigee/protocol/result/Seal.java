package io.perigee.protocol.result;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.AbiWords;

/** Binds a provider to an opening it does not show yet. */
public final class Seal {
    private Seal() {}

    /** keccak256(abi.encode(assignmentHash, border, root, leafCount, outputDigest, salt)). */
    public static Digest of(Digest assignmentHash, int border, Opening opening) {
        return new AbiWords()
                .digest(assignmentHash)
                .number(border)
                .digest(opening.root())
                .number(opening.leafCount())
                .digest(opening.outputDigest())
                .digest(opening.salt())
                .keccak();
    }
}
