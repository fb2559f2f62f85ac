package io.perigee.settlement.ethereum;

import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.Payable;
import java.math.BigInteger;
import java.util.List;

/** Orders and evidence in the epochs' wrapper's own classes: each contract's wrapper brings its own of the same words. */
final class EpochEvidence {
    private EpochEvidence() {}

    static Epochs.JobOrder order(JobOrder order) {
        return new Epochs.JobOrder(
                order.builder().value(),
                order.hub().value(),
                order.jobId().bytes32(),
                order.specHash().bytes(),
                order.token().value(),
                order.maxPayment().value(),
                number(order.segments()),
                number(order.quorum()),
                order.direct(),
                number(order.validAfter()),
                number(order.deadline()));
    }

    /** The same evidence that {@code direct} is given, in this wrapper's classes. */
    static List<Epochs.Run> agreeing(Payable payable) {
        return EscrowCalls.agreeing(payable).stream().map(EpochEvidence::run).toList();
    }

    private static Epochs.Run run(Escrow.Run run) {
        return new Epochs.Run(
                assignment(run.assignment),
                key(run.key),
                new Epochs.Opening(
                        run.opening.border,
                        run.opening.root,
                        run.opening.leafCount,
                        run.opening.outputDigest,
                        run.opening.salt),
                run.receivedAt,
                run.drawBlock,
                run.hubSignature,
                run.keySignature,
                run.acceptanceSignature,
                run.commitmentSignature,
                run.receiptSignature);
    }

    private static Epochs.Assignment assignment(Escrow.Assignment assignment) {
        return new Epochs.Assignment(
                assignment.orderHash,
                assignment.attempt,
                assignment.provider,
                assignment.owner,
                assignment.role,
                assignment.fromBorder,
                assignment.toBorder,
                assignment.numericClass,
                assignment.price,
                assignment.bond,
                assignment.secretHash,
                assignment.issuedAt,
                assignment.leaseUntil);
    }

    private static Epochs.SessionKey key(Escrow.SessionKey key) {
        return new Epochs.SessionKey(
                key.owner, key.provider, key.key, key.hub, key.serial, key.notBefore, key.expiresAt);
    }

    private static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }
}
