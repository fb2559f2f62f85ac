package io.perigee.contracts.shape;

import io.perigee.contracts.Escrow;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** In the escrow's wrapper's own classes. */
public final class EscrowShapes {
    private static final byte[] NOTHING = {};

    private EscrowShapes() {}

    public static Escrow.JobOrder order(JobOrder order) {
        return new Escrow.JobOrder(
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

    public static Escrow.Assignment assignment(Assignment assignment) {
        return new Escrow.Assignment(
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

    public static Escrow.Commitment commitment(Commitment commitment) {
        return new Escrow.Commitment(
                commitment.assignmentHash().bytes(),
                number(commitment.toBorder()),
                commitment.seal().bytes());
    }

    /** Runs that agree, or one run and then the verdicts upon it. */
    public static List<Escrow.Run> agreeing(Payable payable) {
        var shown = new ArrayList<>(runs(payable.winners()));
        payable.verdicts().forEach(audit -> shown.add(verdict(audit)));
        return shown;
    }

    public static List<Escrow.Run> runs(List<RunEvidence> evidence) {
        return evidence.stream().map(EscrowShapes::run).toList();
    }

    /** A run as its provider kept it, shown with one of its seals; a receipt it has not is left out. */
    public static Escrow.Run run(KeptEvidence run, KeptSeal seal) {
        var opening = seal.opening();
        var receipt = seal.receipt();
        var receiptSignature = seal.receiptSignature();
        return new Escrow.Run(
                assignment(run.assignment()),
                key(run.sessionKey()),
                new Escrow.Opening(
                        number(seal.border()),
                        opening.root().bytes(),
                        number(opening.leafCount()),
                        opening.outputDigest().bytes(),
                        opening.salt().bytes()),
                number(receipt == null ? 0 : receipt.receivedAt()),
                number(receipt == null ? 0 : receipt.drawBlock()),
                run.hubSignature().bytes(),
                run.sessionKeySignature().bytes(),
                run.acceptance().bytes(),
                seal.signature().bytes(),
                receiptSignature == null ? NOTHING : receiptSignature.bytes());
    }

    private static Escrow.Run run(RunEvidence run) {
        var opening = run.opening();
        return new Escrow.Run(
                assignment(run.assignment()),
                key(run.sessionKey()),
                new Escrow.Opening(
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

    /** A verdict in a run's form: what the auditor found stands where a run's opening does; it has no salt and no receipt. */
    private static Escrow.Run verdict(AuditEvidence audit) {
        var run = audit.run();
        var verdict = audit.verdict();
        return new Escrow.Run(
                assignment(run.assignment()),
                key(run.sessionKey()),
                new Escrow.Opening(
                        number(verdict.verifiedTo()),
                        verdict.root().bytes(),
                        BigInteger.ZERO,
                        verdict.outputDigest().bytes(),
                        Digest.ZERO.bytes()),
                BigInteger.ZERO,
                BigInteger.ZERO,
                run.hubSignature().bytes(),
                run.sessionKeySignature().bytes(),
                run.acceptance().bytes(),
                audit.signature().bytes(),
                NOTHING);
    }

    private static Escrow.SessionKey key(SessionKey key) {
        return new Escrow.SessionKey(
                key.owner().value(),
                key.provider().bytes(),
                key.key().value(),
                key.hub().value(),
                number(key.serial()),
                number(key.notBefore()),
                number(key.expiresAt()));
    }

    static BigInteger number(long value) {
        return BigInteger.valueOf(value);
    }
}
