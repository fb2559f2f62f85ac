package io.perigee.contracts.shape;

import io.perigee.contracts.Epochs;
import io.perigee.contracts.Escrow;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.Content;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.Line;
import io.perigee.protocol.epoch.Scattered;
import io.perigee.protocol.epoch.Stretch;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import io.perigee.protocol.result.Payable;
import java.math.BigInteger;
import java.util.List;

/** In the epochs' wrapper's own classes: each contract's wrapper brings its own of the same words. */
public final class EpochShapes {
    private EpochShapes() {}

    public static Epochs.Epoch epoch(EpochId id) {
        return new Epochs.Epoch(id.hub().value(), id.token().value(), number(id.number()));
    }

    public static Epochs.Content content(Content content) {
        return new Epochs.Content(
                content.root().bytes(),
                number(content.count()),
                content.accounts().bytes());
    }

    public static Epochs.Accounts accounts(Accounts accounts) {
        return new Epochs.Accounts(
                accounts.debits().stream()
                        .map(debit -> new Epochs.Debit(
                                debit.builder().value(),
                                number(debit.lines()),
                                debit.amount().value()))
                        .toList(),
                accounts.credits().stream()
                        .map(credit -> new Epochs.Credit(
                                credit.owner().value(), credit.amount().value()))
                        .toList());
    }

    public static Epochs.Stretch stretch(Stretch shown) {
        return new Epochs.Stretch(number(shown.from()), lines(shown.lines()), bytes(shown.proofs()));
    }

    public static Epochs.Scattered scattered(Scattered shown) {
        return new Epochs.Scattered(
                shown.indices().stream().map(EpochShapes::number).toList(),
                lines(shown.lines()),
                bytes(shown.proofs()));
    }

    public static Epochs.Line line(Line line) {
        return new Epochs.Line(
                line.builder().value(),
                line.orderHash().bytes(),
                line.assignmentHash().bytes(),
                line.owner().value(),
                line.amount().value(),
                line.sum().value());
    }

    public static List<byte[]> bytes(List<Digest> digests) {
        return digests.stream().map(Digest::bytes).toList();
    }

    public static Epochs.Signature signature(Signature signature) {
        return signature(EscrowShapes.signature(signature));
    }

    public static Epochs.JobOrder order(JobOrder order) {
        var same = EscrowShapes.order(order);
        return new Epochs.JobOrder(
                same.builder,
                same.hub,
                same.jobId,
                same.specHash,
                same.token,
                same.maxPayment,
                same.segments,
                same.quorum,
                same.direct,
                same.validAfter,
                same.deadline);
    }

    /** The same evidence that {@code direct} is given, in this wrapper's classes. */
    public static List<Epochs.Run> agreeing(Payable payable) {
        return EscrowShapes.agreeing(payable).stream().map(EpochShapes::run).toList();
    }

    /** A run as its provider kept it, shown with one of its seals. */
    public static Epochs.Run run(KeptEvidence run, KeptSeal seal) {
        return run(EscrowShapes.run(run, seal));
    }

    private static List<Epochs.Line> lines(List<Line> lines) {
        return lines.stream().map(EpochShapes::line).toList();
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
                signature(run.hubSignature),
                signature(run.keySignature),
                signature(run.acceptanceSignature),
                signature(run.commitmentSignature),
                signature(run.receiptSignature));
    }

    private static Epochs.Signature signature(Escrow.Signature signature) {
        return new Epochs.Signature(signature.r, signature.vs);
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
        return EscrowShapes.number(value);
    }
}
