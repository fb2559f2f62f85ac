package io.perigee.protocol.message;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;

/**
 * The builder's signed word: this job, by this hub, for at most so much.
 *
 * @param segments how many borders the job has; 0 is all or nothing
 * @param quorum how many distinct owners must agree
 * @param direct paid by evidence on chain from the start, never by epoch
 * @param validAfter epoch seconds from which the order is good
 * @param deadline epoch seconds after which nothing may be assigned under it
 */
public record JobOrder(
        Address builder,
        Address hub,
        JobId jobId,
        Digest specHash,
        Address token,
        Amount maxPayment,
        int segments,
        int quorum,
        boolean direct,
        long validAfter,
        long deadline)
        implements Signed {
    private static final Digest TYPE = Domain.type(
            "JobOrder(address builder,address hub,bytes32 jobId,bytes32 specHash,address token,uint256 maxPayment,"
                    + "uint32 segments,uint8 quorum,bool direct,uint64 validAfter,uint64 deadline)");

    public JobOrder {
        Unsigned.require("segments", segments);
        Unsigned.requireByte("quorum", quorum);
        Unsigned.require("validAfter", validAfter);
        Unsigned.require("deadline", deadline);
    }

    /** The same order, paid {@code direct} or by epoch. */
    public JobOrder settled(boolean directly) {
        return new JobOrder(
                builder, hub, jobId, specHash, token, maxPayment, segments, quorum, directly, validAfter, deadline);
    }

    @Override
    public Digest structHash() {
        return new AbiWords()
                .digest(TYPE)
                .address(builder)
                .address(hub)
                .word(jobId.bytes32())
                .digest(specHash)
                .address(token)
                .amount(maxPayment)
                .number(segments)
                .number(quorum)
                .bool(direct)
                .number(validAfter)
                .number(deadline)
                .keccak();
    }
}
