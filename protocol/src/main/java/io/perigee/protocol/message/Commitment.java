package io.perigee.protocol.message;

import io.perigee.protocol.id.Digest;

/**
 * The provider binds itself to a result it does not show yet; signed by its session key.
 *
 * @param toBorder the border the seal is for
 * @param seal hides the opening until it is revealed
 */
public record Commitment(Digest assignmentHash, int toBorder, Digest seal) implements Signed {
    private static final Digest TYPE = Domain.type("Commitment(bytes32 assignmentHash,uint32 toBorder,bytes32 seal)");

    public Commitment {
        Unsigned.require("toBorder", toBorder);
    }

    @Override
    public Digest structHash() {
        return new AbiWords()
                .digest(TYPE)
                .digest(assignmentHash)
                .number(toBorder)
                .digest(seal)
                .keccak();
    }
}
