package io.perigee.market.lifecycle;

import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.MerkleTree;
import io.perigee.protocol.result.Seal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Opens seals: the last border's when all is done, another when the hub asked for it, or in passing, so that what others
 * need is here should its provider vanish.
 */
final class Openings {
    private Openings() {}

    static Decision reveal(Draft draft, RevealResult reveal, String source) {
        return switch (Speaker.find(draft, reveal.assignmentHash(), source)) {
            case Speaker.Refused(var rejected) -> rejected;
            case Speaker.Of(Attempt attempt) -> reveal(draft, attempt, reveal);
        };
    }

    private static Decision reveal(Draft draft, Attempt attempt, RevealResult reveal) {
        var sealed = attempt.done().flatMap(work -> work.receiptAt(reveal.border()));
        if (sealed.isEmpty()) {
            return Draft.rejected(
                    ErrorCode.NO_RECEIPT, "Expected a receipted seal of border %d, but there is none", reveal.border());
        }
        if (attempt.done().flatMap(work -> work.openingAt(reveal.border())).isPresent()) {
            return Draft.rejected(
                    ErrorCode.CONFLICT, "Expected border %d to be sealed, but it is open already", reveal.border());
        }
        if (!due(draft.job(), attempt, reveal)) {
            return Draft.rejected(
                    ErrorCode.WRONG_STATE,
                    "Expected border %d to be opened when it is due, but attempt %d is %s and the job is %s",
                    reveal.border(),
                    attempt.number(),
                    attempt.status().state(),
                    draft.job().state().phase());
        }
        var whole = reveal.border() == draft.job().lastBorder();
        if (!whole && !attempt.audits() && reveal.checkpoint() == null) {
            return Draft.rejected(
                    ErrorCode.ARTIFACT_MISSING,
                    "Expected the opening of border %d to come with its checkpoint, but it came without",
                    reveal.border());
        }
        var outputs =
                Optional.ofNullable(reveal.outputs()).map(id -> id.digest()).orElse(Digest.ZERO);
        // an auditor derives the outputs again, and uploads nothing
        boolean uploads = !attempt.audits() || reveal.outputs() != null;
        if (whole && uploads && !outputs.equals(reveal.opening().outputDigest())) {
            return Draft.rejected(
                    ErrorCode.BAD_OPENING,
                    "Expected the uploaded outputs to have digest '%s', but they are '%s'",
                    reveal.opening().outputDigest(),
                    outputs);
        }
        var lie = lie(draft, attempt, reveal, sealed.get().commitment().seal());
        if (lie.isPresent()) {
            draft.end(attempt, AttemptEnd.REJECTED, lie.get());
        } else {
            draft.record(new ResultRevealed(
                    draft.id(),
                    attempt.number(),
                    reveal.opening(),
                    reveal.segments(),
                    reveal.border(),
                    reveal.outputs(),
                    reveal.checkpoint()));
        }
        Verdicts.conclude(draft);
        return draft.accepted();
    }

    private static boolean due(Job job, Attempt attempt, RevealResult reveal) {
        int border = reveal.border();
        return switch (job.state()) {
            case State.Queued _, State.Active _, State.Auditing _ ->
                (attempt.status() instanceof AttemptStatus.Committed && border == attempt.lastBorder())
                        || Parts.isDue(job, attempt, border, reveal.checkpoint() != null);
            case State.Closing closing ->
                closing.border() == border && closing.asked().contains(attempt.number());
            case State.Submitted _, State.Funded _, State.Disputed _, State.Decided _, State.Settled _ -> false;
        };
    }

    /** What proves that the opening is none of this seal; empty when all fits. */
    private static Optional<String> lie(Draft draft, Attempt attempt, RevealResult reveal, Digest seal) {
        var opening = reveal.opening();
        if (!Seal.of(reveal.assignmentHash(), reveal.border(), opening).equals(seal)) {
            return Optional.of("Expected an opening of seal '%s', but it gives another".formatted(seal));
        }
        var job = draft.job();
        int from = attempt.assignment().fromBorder();
        int leaves = job.order().segments() == 0 ? 0 : reveal.border() - from;
        var borders =
                reveal.segments().stream().mapToInt(segment -> segment.border()).toArray();
        if (opening.leafCount() != leaves
                || borders.length != leaves
                || !IntStream.range(0, leaves).allMatch(i -> borders[i] == from + 1 + i)) {
            return Optional.of("Expected the %d segments after border %d, but %d came and the opening says %d"
                    .formatted(leaves, from, borders.length, opening.leafCount()));
        }
        var orderHash = attempt.assignment().orderHash();
        var root = MerkleTree.of(reveal.segments().stream()
                        .map(segment -> segment.leaf(orderHash))
                        .toList())
                .root();
        if (!root.equals(opening.root())) {
            return Optional.of(
                    "Expected the segments to give root '%s', but they give '%s'".formatted(opening.root(), root));
        }
        // two leaves of one border prove a lie by themselves
        var known = attempt.done().map(Work::leaves).orElse(List.of());
        int common = Math.min(known.size(), reveal.segments().size());
        if (!known.subList(0, common).equals(reveal.segments().subList(0, common))) {
            return Optional.of("Expected the leaves of border %d to be those it opened before, but they differ"
                    .formatted(reveal.border()));
        }
        if (reveal.border() != job.lastBorder() && !opening.outputDigest().isZero()) {
            return Optional.of(
                    "Expected no outputs of a part, but the opening names '%s'".formatted(opening.outputDigest()));
        }
        return Optional.empty();
    }
}
