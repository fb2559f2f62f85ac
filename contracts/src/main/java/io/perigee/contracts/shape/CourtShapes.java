package io.perigee.contracts.shape;

import io.perigee.contracts.Court;
import io.perigee.contracts.Escrow;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.KeptSeal;
import io.perigee.protocol.result.SegmentHashes;
import java.util.List;

/** In the court's wrapper's own classes. */
public final class CourtShapes {
    private static final byte[] ZEROS = new byte[Digest.BYTES];
    /** What is shown where nothing is looked at. */
    public static final Court.Leaf NO_LEAF =
            new Court.Leaf(new Court.Checkpoint(ZEROS, ZEROS, ZEROS, ZEROS), List.of());

    private CourtShapes() {}

    public static Court.JobOrder order(JobOrder order) {
        var same = EscrowShapes.order(order);
        return new Court.JobOrder(
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

    public static Court.Signature signature(Signature signature) {
        return signature(EscrowShapes.signature(signature));
    }

    /** A leaf with its way up to the root. */
    public static Court.Leaf leaf(SegmentHashes hashes, List<Digest> proof) {
        return new Court.Leaf(
                new Court.Checkpoint(
                        hashes.adapter().digest().bytes(),
                        hashes.optimizer().digest().bytes(),
                        hashes.state().digest().bytes(),
                        hashes.metrics().digest().bytes()),
                proof.stream().map(Digest::bytes).toList());
    }

    /** A run as its provider kept it, shown with one of its seals. */
    public static Court.Run run(KeptEvidence run, KeptSeal seal) {
        return run(EscrowShapes.run(run, seal));
    }

    private static Court.Run run(Escrow.Run run) {
        return new Court.Run(
                assignment(run.assignment),
                key(run.key),
                new Court.Opening(
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

    private static Court.Signature signature(Escrow.Signature signature) {
        return new Court.Signature(signature.r, signature.vs);
    }

    private static Court.Assignment assignment(Escrow.Assignment assignment) {
        return new Court.Assignment(
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

    private static Court.SessionKey key(Escrow.SessionKey key) {
        return new Court.SessionKey(
                key.owner, key.provider, key.key, key.hub, key.serial, key.notBefore, key.expiresAt);
    }
}
