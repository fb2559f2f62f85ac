package io.perigee.protocol.message;

import io.perigee.protocol.id.Digest;

/** The provider takes an assignment; signed by its session key. */
public record Acceptance(Digest assignmentHash) implements Signed {
    private static final Digest TYPE = Domain.type("Acceptance(bytes32 assignmentHash)");

    @Override
    public Digest structHash() {
        return new AbiWords().digest(TYPE).digest(assignmentHash).keccak();
    }
}
