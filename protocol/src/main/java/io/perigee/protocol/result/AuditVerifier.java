package io.perigee.protocol.result;

import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.spec.VerificationPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Checks what auditors say of the one winner: that they ran what was drawn, got the same, and signed for it. */
final class AuditVerifier {
    private final Bundle bundle;
    private final Digest orderHash;
    private final Payable part;
    private final RunEvidence winner;
    private final List<Check> checks = new ArrayList<>();

    /** @param part what the winner did, with the verdicts upon it */
    AuditVerifier(Bundle bundle, Digest orderHash, Payable part, RunEvidence winner) {
        this.bundle = bundle;
        this.orderHash = orderHash;
        this.part = part;
        this.winner = winner;
    }

    List<Check> verify() {
        var runs = new RunVerifier(bundle, orderHash);
        for (var audit : part.verdicts()) {
            checks.addAll(runs.audit(audit.run()));
            verdict(audit);
            leaves(audit);
        }
        owners();
        draw();
        return List.copyOf(checks);
    }

    private void verdict(AuditEvidence audit) {
        var wanted = new Verdict(
                audit.run().assignment().digest(bundle.domain()),
                winner.commitment().digest(bundle.domain()),
                winner.opening().root(),
                winner.opening().outputDigest(),
                winner.commitment().toBorder());
        check(
                who(audit) + "signed that the winner's run holds",
                audit.verdict().equals(wanted)
                        && Signatures.isBy(
                                audit.run().sessionKey().key(), wanted.digest(bundle.domain()), audit.signature()),
                "to border " + audit.verdict().verifiedTo());
    }

    /** An auditor's leaves, and the outputs it derived, are the winner's. */
    private void leaves(AuditEvidence audit) {
        var own = byBorder(audit.run().segments());
        var theirs = byBorder(winner.segments());
        boolean same = !own.isEmpty()
                && own.entrySet().stream().allMatch(leaf -> leaf.getValue().equals(theirs.get(leaf.getKey())));
        boolean last =
                audit.run().commitment().toBorder() == winner.commitment().toBorder();
        boolean outputs = !last
                || audit.run().opening().outputDigest().equals(winner.opening().outputDigest());
        check(who(audit) + "got what the winner got", same && outputs, "segments " + new TreeSet<>(own.keySet()));
    }

    private void owners() {
        var owners = new HashSet<Address>();
        owners.add(winner.assignment().owner());
        boolean distinct = part.verdicts().stream()
                .allMatch(audit -> owners.add(audit.run().assignment().owner()));
        int quorum = bundle.order().quorum();
        int audits = part.verdicts().size();
        check(
                "enough distinct owners audited",
                distinct && audits >= quorum,
                "%d of %d needed".formatted(audits, quorum));
    }

    /** The hub could neither choose the segments nor leave one out. */
    private void draw() {
        var draw = part.draw();
        if (draw == null) {
            check("the segments were drawn", false, "nothing says which");
            return;
        }
        check(
                "the hub's secret is the one it committed to",
                Draw.commitmentTo(draw.secret()).equals(winner.assignment().secretHash()),
                "attempt %d".formatted(winner.assignment().attempt()));
        check("the segments are those that were drawn", isDrawn(draw), "segments " + draw.segments());
        var audited = new TreeSet<Integer>();
        part.verdicts()
                .forEach(
                        audit -> audited.addAll(byBorder(audit.run().segments()).keySet()));
        check("every drawn segment was audited", audited.containsAll(draw.segments()), "segments " + audited);
    }

    /**
     * The last segment is always among them, drawn or not, where it gives the outputs or what the builder is left with. A
     * part that another went on from is drawn as the rest is, and each of the quorum gets a segment of it.
     */
    private boolean isDrawn(DrawEvidence draw) {
        int from = winner.assignment().fromBorder();
        int to = winner.commitment().toBorder();
        int length = to - from;
        var shown = new TreeSet<>(draw.segments());
        var block = draw.blockHash();
        if (shown.size() >= length || block == null || isFullAudit()) {
            return shown.size() == length && shown.equals(Draw.all(from, to));
        }
        int fewest = Draw.inProportion(Draw.FEWEST, length, bundle.order().segments());
        if (shown.size() < fewest) {
            return false;
        }
        var seed = Draw.seed(block, draw.secret(), winner.commitment().seal());
        return isDrawnOfAPart(shown, seed, from, to) || isDrawnWithTheLast(shown, seed, fewest, from, to);
    }

    private boolean isFullAudit() {
        return bundle.spec().verification().policy() == VerificationPolicy.FULL_AUDIT;
    }

    private boolean isDrawnOfAPart(SortedSet<Integer> shown, Digest seed, int from, int to) {
        return to < bundle.order().segments()
                && shown.size() >= Math.min(to - from, bundle.order().quorum())
                && Draw.segments(seed, from, to, shown.size()).equals(shown);
    }

    private static boolean isDrawnWithTheLast(SortedSet<Integer> shown, Digest seed, int fewest, int from, int to) {
        for (int count = Math.max(fewest, shown.size() - 1); count <= shown.size(); count++) {
            var drawn = Draw.segments(seed, from, to, count);
            drawn.add(to);
            if (drawn.equals(shown)) {
                return true;
            }
        }
        return false;
    }

    private Map<Integer, Digest> byBorder(List<SegmentHashes> segments) {
        var leaves = new HashMap<Integer, Digest>();
        segments.forEach(segment -> leaves.put(segment.border(), segment.leaf(orderHash)));
        return leaves;
    }

    private static String who(AuditEvidence audit) {
        return "attempt %d: ".formatted(audit.run().assignment().attempt());
    }

    private void check(String name, boolean ok, String detail) {
        checks.add(new Check(name, ok, detail));
    }
}
