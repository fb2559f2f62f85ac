package io.perigee.agent.execution;

import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.gateway.HubMessage.VerdictRequest;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.result.MerkleTree;
import io.perigee.protocol.result.Seal;
import io.perigee.protocol.result.SegmentHashes;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What an auditor says of a run it is shown. Pure: the same record and request give the same answer, and a record that
 * holds a verdict gives no other.
 */
sealed interface Judgement {

    /** The run holds as far as this auditor can see. */
    record Signed(Verdict verdict) implements Judgement {}

    /** It signs nothing. */
    record Refused(VerdictRefusal reason, String detail) implements Judgement {}

    static Judgement of(AttemptRecord attempt, VerdictRequest shown, Domain domain) {
        if (!(attempt.phase() instanceof Phase.Opened(int border, var outputs, var _))) {
            return new Refused(
                    VerdictRefusal.TOO_EARLY,
                    "Expected this auditor to have opened its own seal first, but it has not");
        }
        return badOpening(attempt, shown)
                .or(() -> otherLeaf(attempt, border, shown))
                .or(() -> otherOutputs(attempt, border, outputs, shown))
                .<Judgement>map(refused -> refused)
                .orElseGet(() -> once(attempt, shown, domain));
    }

    private static Judgement once(AttemptRecord attempt, VerdictRequest shown, Domain domain) {
        var commitment = shown.commitment();
        var verdict = new Verdict(
                attempt.assignmentHash(),
                commitment.digest(domain),
                shown.opening().root(),
                shown.opening().outputDigest(),
                commitment.toBorder());
        var before = attempt.verdict();
        return before == null || before.equals(verdict)
                ? new Signed(verdict)
                : new Refused(
                        VerdictRefusal.JUDGED_ALREADY,
                        "Expected one verdict of this assignment, but it judged commitment '%s' before"
                                .formatted(before.commitmentHash()));
    }

    private static Optional<Refused> badOpening(AttemptRecord attempt, VerdictRequest shown) {
        var commitment = shown.commitment();
        var opening = shown.opening();
        var segments = shown.segments();
        int last = commitment.toBorder();
        int first = last - segments.size() + 1;
        boolean gapless = !segments.isEmpty()
                && first >= 1
                && last <= attempt.work().spec().borders()
                && opening.leafCount() == segments.size()
                && IntStream.range(0, segments.size())
                        .allMatch(i -> segments.get(i).border() == first + i);
        if (!gapless) {
            return bad("Expected every segment up to border %d of %d, but %d came and the opening says %d"
                    .formatted(last, attempt.work().spec().borders(), segments.size(), opening.leafCount()));
        }
        if (commitment.assignmentHash().equals(attempt.assignmentHash())) {
            return bad("Expected another provider's run, but it is this auditor's own");
        }
        if (!Seal.of(commitment.assignmentHash(), last, opening).equals(commitment.seal())) {
            return bad("Expected an opening of seal '%s', but it gives another".formatted(commitment.seal()));
        }
        var root = MerkleTree.of(
                        segments.stream().map(segment -> leaf(attempt, segment)).toList())
                .root();
        if (!root.equals(opening.root())) {
            return bad("Expected the segments to give root '%s', but they give '%s'".formatted(opening.root(), root));
        }
        if (opening.outputDigest().isZero() == (last == attempt.work().spec().borders())) {
            return bad("Expected outputs exactly at border %d, but the opening of border %d names '%s'"
                    .formatted(attempt.work().spec().borders(), last, opening.outputDigest()));
        }
        return Optional.empty();
    }

    private static Optional<Refused> bad(String detail) {
        return Optional.of(new Refused(VerdictRefusal.BAD_OPENING, detail));
    }

    /** Every border this auditor opened must be under the root as it found it. */
    private static Optional<Refused> otherLeaf(AttemptRecord attempt, int border, VerdictRequest shown) {
        int first = shown.segments().getFirst().border();
        for (int at = attempt.fromBorder() + 1; at <= border; at++) {
            var own = leaf(attempt, attempt.segment(at));
            var theirs = at < first || at > shown.commitment().toBorder()
                    ? Digest.ZERO
                    : leaf(attempt, shown.segments().get(at - first));
            if (!own.equals(theirs)) {
                return Optional.of(new Refused(
                        VerdictRefusal.LEAF_DIFFERS,
                        "Expected the leaf of border %d to be '%s', but the provider's is '%s'"
                                .formatted(at, own, theirs)));
            }
        }
        return Optional.empty();
    }

    private static Optional<Refused> otherOutputs(
            AttemptRecord attempt, int border, @Nullable ContentId outputs, VerdictRequest shown) {
        if (outputs == null || border != attempt.work().spec().borders()) {
            return Optional.empty();
        }
        var theirs = shown.opening().outputDigest();
        return outputs.digest().equals(theirs)
                ? Optional.empty()
                : Optional.of(new Refused(
                        VerdictRefusal.OUTPUTS_DIFFER,
                        "Expected the outputs to have digest '%s', but the provider's is '%s'"
                                .formatted(outputs.digest(), theirs)));
    }

    private static Digest leaf(AttemptRecord attempt, SegmentHashes segment) {
        return segment.leaf(attempt.work().assignment().orderHash());
    }
}
