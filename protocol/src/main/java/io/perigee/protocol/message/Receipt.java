package io.perigee.protocol.message;

import io.perigee.protocol.id.Digest;

/**
 * The hub's word that a commitment reached it in time.
 *
 * @param commitmentHash digest of the {@link Commitment}, domain included
 * @param receivedAt epoch seconds
 * @param drawBlock the block whose hash draws the audited segments; 0 when the policy draws nothing
 */
public record Receipt(Digest commitmentHash, long receivedAt, long drawBlock) implements Signed {
    private static final Digest TYPE =
            Domain.type("Receipt(bytes32 commitmentHash,uint64 receivedAt,uint64 drawBlock)");

    public Receipt {
        Unsigned.require("receivedAt", receivedAt);
        Unsigned.require("drawBlock", drawBlock);
    }

    @Override
    public Digest structHash() {
        return new AbiWords()
                .digest(TYPE)
                .digest(commitmentHash)
                .number(receivedAt)
                .number(drawBlock)
                .keccak();
    }
}
