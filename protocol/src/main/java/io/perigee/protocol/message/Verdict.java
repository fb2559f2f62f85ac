package io.perigee.protocol.message;

import io.perigee.protocol.id.Digest;

/**
 * What an auditor found; signed by its session key.
 *
 * @param assignmentHash the auditor's own assignment
 * @param commitmentHash the commitment it judged
 * @param verifiedTo the last border that held
 */
public record Verdict(Digest assignmentHash, Digest commitmentHash, Digest root, Digest outputDigest, int verifiedTo)
        implements Signed {
    private static final Digest TYPE =
            Domain.type("Verdict(bytes32 assignmentHash,bytes32 commitmentHash,bytes32 root,bytes32 outputDigest,"
                    + "uint32 verifiedTo)");

    public Verdict {
        Unsigned.require("verifiedTo", verifiedTo);
    }

    @Override
    public Digest structHash() {
        return new AbiWords()
                .digest(TYPE)
                .digest(assignmentHash)
                .digest(commitmentHash)
                .digest(root)
                .digest(outputDigest)
                .number(verifiedTo)
                .keccak();
    }
}
