package io.perigee.contracts.shape;

import io.perigee.contracts.Escrow;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import io.perigee.protocol.result.KeptVerdict;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** In the escrow's wrapper's own classes. */
public final class EscrowShapes {
    private static final byte[] ZEROS = new byte[Digest.BYTES];
    /** Of what stands on chain, or is not there. */
    private static final Escrow.Signature NONE = new Escrow.Signature(ZEROS, ZEROS);

    private EscrowShapes() {}

    /**
     * In the compact form of EIP-2098: r, then s with the parity in its top bit, which a low s leaves free. What has no such
     * form, since its s is high or its v neither 27 nor 28, becomes none, which no contract takes either.
     */
    public static Escrow.Signature signature(Signature signature) {
        byte[] vs = signature.s();
        int parity = signature.v() - 27;
        if (vs[0] < 0 || parity >> 1 != 0) {
            return NONE;
        }
        vs[0] |= (byte) (parity << 7);
        return new Escrow.Signature(signature.r(), vs);
    }

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
                signature(run.hubSignature()),
                signature(run.sessionKeySignature()),
                signature(run.acceptance()),
                signature(seal.signature()),
                receiptSignature == null ? NONE : signature(receiptSignature));
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
                signature(run.hubSignature()),
                signature(run.sessionKeySignature()),
                signature(run.acceptance()),
                signature(run.commitmentSignature()),
                signature(run.receiptSignature()));
    }

    private static Escrow.Run verdict(AuditEvidence audit) {
        var run = audit.run();
        return verdict(
                run.assignment(),
                run.sessionKey(),
                List.of(run.hubSignature(), run.sessionKeySignature(), run.acceptance()),
                new KeptVerdict(audit.verdict(), audit.signature()));
    }

    /** What an auditor kept, as the verdict that it signed. */
    public static Escrow.Run verdict(KeptEvidence audit, KeptVerdict signed) {
        return verdict(
                audit.assignment(),
                audit.sessionKey(),
                List.of(audit.hubSignature(), audit.sessionKeySignature(), audit.acceptance()),
                signed);
    }

    /**
     * A verdict in a run's form: what the auditor found stands where a run's opening does; it has no salt and no receipt.
     *
     * @param signatures of the hub, the owner and the session key, over assignment, key and acceptance
     */
    private static Escrow.Run verdict(
            Assignment assignment, SessionKey key, List<Signature> signatures, KeptVerdict signed) {
        var verdict = signed.verdict();
        return new Escrow.Run(
                assignment(assignment),
                key(key),
                new Escrow.Opening(
                        number(verdict.verifiedTo()),
                        verdict.root().bytes(),
                        BigInteger.ZERO,
                        verdict.outputDigest().bytes(),
                        Digest.ZERO.bytes()),
                BigInteger.ZERO,
                BigInteger.ZERO,
                signature(signatures.get(0)),
                signature(signatures.get(1)),
                signature(signatures.get(2)),
                signature(signed.signature()),
                NONE);
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
