package io.perigee.settlement.ethereum;

import io.perigee.contracts.Epochs;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.result.RunEvidence;
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

    static List<Epochs.Run> runs(List<RunEvidence> evidence) {
        return evidence.stream().map(EpochEvidence::run).toList();
    }

    private static Epochs.Run run(RunEvidence run) {
        var opening = run.opening();
        return new Epochs.Run(
                assignment(run.assignment()),
                key(run.sessionKey()),
                new Epochs.Opening(
                        number(run.commitment().toBorder()),
                        opening.root().bytes(),
                        number(opening.leafCount()),
                        opening.outputDigest().bytes(),
                        opening.salt().bytes()),
                number(run.receipt().receivedAt()),
                number(run.receipt().drawBlock()),
                run.hubSignature().bytes(),
                run.sessionKeySignature().bytes(),
                run.acceptance().bytes(),
                run.commitmentSignature().bytes(),
                run.receiptSignature().bytes());
    }

    private static Epochs.Assignment assignment(Assignment assignment) {
        return new Epochs.Assignment(
                assignment.orderHash().bytes(),
                number(assignment.attempt()),
                assignment.provider().bytes(),
                assignment.owner().value(),
                number(assignment.role().code()),
                number(assignment.fromBorder()),
                number(assignment.toBorder()),
                assignment.numericClass().bytes(),
                assignment.price().value(),
                assignment.bond().value(),
                assignment.secretHash().bytes(),
                number(assignment.issuedAt()),
                number(assignment.leaseUntil()));
    }

    private static Epochs.SessionKey key(SessionKey key) {
        return new Epochs.SessionKey(
                key.owner().value(),
                key.provider().bytes(),
                key.key().value(),
                key.hub().value(),
                number(key.serial()),
                number(key.notBefore()),
                number(key.expiresAt()));
    }

    private static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }
}
