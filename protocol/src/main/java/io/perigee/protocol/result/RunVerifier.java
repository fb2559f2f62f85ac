package io.perigee.protocol.result;

import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.message.Role;
import java.util.ArrayList;
import java.util.List;

/** Checks one run as the escrow would, and its leaves besides. */
final class RunVerifier {
    private final Bundle bundle;
    private final Digest orderHash;

    RunVerifier(Bundle bundle, Digest orderHash) {
        this.bundle = bundle;
        this.orderHash = orderHash;
    }

    List<Check> verify(RunEvidence run) {
        return verify(run, Role.REPLICA);
    }

    /** The same of an auditor's own run. */
    List<Check> audit(RunEvidence run) {
        return verify(run, Role.AUDITOR);
    }

    private List<Check> verify(RunEvidence run, Role role) {
        var who = "attempt %d: ".formatted(run.assignment().attempt());
        var checks = new ArrayList<Check>();
        checks.add(named(who, assignment(run, role)));
        checks.add(named(who, sessionKey(run)));
        checks.add(named(who, acceptance(run)));
        checks.add(named(who, commitment(run)));
        checks.add(named(who, receipt(run)));
        checks.add(named(who, seal(run)));
        checks.add(named(who, root(run)));
        return checks;
    }

    private Check assignment(RunEvidence run, Role role) {
        var order = bundle.order();
        var assignment = run.assignment();
        boolean borders = order.segments() == 0
                ? assignment.fromBorder() == 0
                : assignment.fromBorder() < assignment.toBorder() && assignment.toBorder() <= order.segments();
        boolean times = assignment.issuedAt() >= order.validAfter()
                && assignment.leaseUntil() >= assignment.issuedAt()
                && assignment.leaseUntil() <= order.deadline();
        return new Check(
                "assigned by the hub under this order",
                assignment.orderHash().equals(orderHash)
                        && assignment.role() == role
                        && borders
                        && times
                        && signed(order.hub(), hash(run), run.hubSignature()),
                "provider %s, border %d to %d"
                        .formatted(
                                brief(assignment.provider().value()), assignment.fromBorder(), assignment.toBorder()));
    }

    private Check sessionKey(RunEvidence run) {
        var key = run.sessionKey();
        var assignment = run.assignment();
        return new Check(
                "its key is the owner's word",
                key.owner().equals(assignment.owner())
                        && key.provider().equals(assignment.provider())
                        && key.hub().equals(bundle.order().hub())
                        && assignment.issuedAt() >= key.notBefore()
                        && assignment.issuedAt() <= key.expiresAt()
                        && signed(key.owner(), key.digest(bundle.domain()), run.sessionKeySignature()),
                "owner %s".formatted(key.owner()));
    }

    private Check acceptance(RunEvidence run) {
        var acceptance = new Acceptance(hash(run)).digest(bundle.domain());
        return new Check(
                "accepted by its key",
                signed(run.sessionKey().key(), acceptance, run.acceptance()),
                "key " + run.sessionKey().key());
    }

    private Check commitment(RunEvidence run) {
        var commitment = run.commitment();
        return new Check(
                "committed by its key",
                commitment.assignmentHash().equals(hash(run))
                        && isAssigned(run, commitment.toBorder())
                        && signed(
                                run.sessionKey().key(), commitment.digest(bundle.domain()), run.commitmentSignature()),
                "seal " + brief(commitment.seal().value()));
    }

    /** A job without borders is done whole or not at all. */
    private boolean isAssigned(RunEvidence run, int border) {
        var assignment = run.assignment();
        return bundle.order().segments() == 0
                ? border == assignment.toBorder()
                : border > assignment.fromBorder() && border <= assignment.toBorder();
    }

    private Check receipt(RunEvidence run) {
        var receipt = run.receipt();
        return new Check(
                "receipted by the hub within the lease",
                receipt.commitmentHash().equals(run.commitment().digest(bundle.domain()))
                        && receipt.receivedAt() <= run.assignment().leaseUntil()
                        && signed(bundle.order().hub(), receipt.digest(bundle.domain()), run.receiptSignature()),
                "%d seconds before it ended".formatted(run.assignment().leaseUntil() - receipt.receivedAt()));
    }

    private Check seal(RunEvidence run) {
        var seal = Seal.of(hash(run), run.commitment().toBorder(), run.opening());
        return new Check(
                "the opening is what was sealed", seal.equals(run.commitment().seal()), "seal " + brief(seal.value()));
    }

    private Check root(RunEvidence run) {
        var opening = run.opening();
        if (bundle.order().segments() == 0) {
            return new Check(
                    "no borders, no root",
                    opening.root().isZero()
                            && opening.leafCount() == 0
                            && run.segments().isEmpty(),
                    "all or nothing");
        }
        int from = run.assignment().fromBorder();
        var segments = run.segments();
        boolean complete = segments.size() == run.commitment().toBorder() - from;
        for (int i = 0; i < segments.size() && complete; i++) {
            complete = segments.get(i).border() == from + 1 + i;
        }
        var tree = MerkleTree.of(
                segments.stream().map(hashes -> hashes.leaf(orderHash)).toList());
        return new Check(
                "the root is over every border",
                complete && tree.root().equals(opening.root()) && tree.leafCount() == opening.leafCount(),
                "%d borders, root %s".formatted(tree.leafCount(), tree.root()));
    }

    private Digest hash(RunEvidence run) {
        return run.assignment().digest(bundle.domain());
    }

    private static boolean signed(Address by, Digest digest, Signature signature) {
        return Signatures.isBy(by, digest, signature);
    }

    private static Check named(String who, Check check) {
        return new Check(who + check.name(), check.ok(), check.detail());
    }

    private static String brief(String hex) {
        return hex.substring(0, 10) + "…";
    }
}
