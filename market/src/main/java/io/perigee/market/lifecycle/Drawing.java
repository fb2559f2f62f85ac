package io.perigee.market.lifecycle;

import io.perigee.market.pricing.Pricing;
import io.perigee.market.verification.AuditDepth;
import io.perigee.protocol.command.ServeCheckpoint;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.Draw;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** From an opened run to the segments that are audited and the checkpoints they start from. */
final class Drawing {
    private Drawing() {}

    /** The block whose hash draws; empty when nothing waits for one. */
    static OptionalLong awaitedBlock(Job job) {
        if (!(job.state() instanceof State.Auditing auditing)
                || auditing.audit().isPresent()) {
            return OptionalLong.empty();
        }
        long block = sealed(job, auditing).receipt().drawBlock();
        return block == 0 ? OptionalLong.empty() : OptionalLong.of(block);
    }

    /** Draws when the block is the one that the receipt names; there is never a second draw. */
    static Decision known(Draft draft, JobInput.DrawBlockKnown block) {
        var job = draft.job();
        if (awaitedBlock(job).equals(OptionalLong.of(block.number()))
                && job.state() instanceof State.Auditing auditing) {
            var run = job.attempt(auditing.run());
            int from = run.assignment().fromBorder();
            int to = auditing.border();
            var seed = seed(job, auditing, block.hash(), draft.context().secrets());
            int count = AuditDepth.of(
                    job.spec().verification().policy(), to - from, job.lastBorder(), block.verifiedJobs());
            // of a part that another goes on from, q owners run something again, and better not the same
            var drawn = Draw.segments(
                    seed, from, to, auditing.goesOn() ? Math.min(to - from, Math.max(count, job.quorum())) : count);
            if (!auditing.goesOn()) {
                // whoever runs the last segment again derives the outputs again, too; of a part with which the job ends
                // it is the checkpoint that is left
                drawn.add(to);
            }
            record(draft, auditing, block.hash(), drawn);
        }
        return draft.accepted();
    }

    /** Everything is audited: no block drew in time. */
    static void all(Draft draft, State.Auditing auditing) {
        var run = draft.job().attempt(auditing.run());
        record(draft, auditing, null, Draw.all(run.assignment().fromBorder(), auditing.border()));
    }

    static boolean isBlind(Job job, State.Auditing auditing) {
        return auditing.audit().isEmpty() && awaitedBlock(job).isEmpty();
    }

    private static void record(
            Draft draft, State.Auditing auditing, @Nullable Digest blockHash, SortedSet<Integer> drawn) {
        var job = draft.job();
        var run = job.attempt(auditing.run());
        long block = sealed(job, auditing).receipt().drawBlock();
        draft.record(new SegmentsDrawn(draft.id(), run.number(), block, blockHash, List.copyOf(drawn)));
        int asked = 0;
        for (int segment : drawn) {
            int border = segment - 1;
            // what came unasked came before its leaf was open, and nobody could hold it against that
            if (border > run.assignment().fromBorder() && !auditing.goesOn()) {
                draft.record(new CheckpointRequested(draft.id(), run.number(), border, due(draft, ++asked)));
            }
        }
        Audits.conclude(draft);
    }

    /**
     * Until when the first, second, and so on of the checkpoints is to be there. They are uploaded one after the other, so
     * each has its own time, as far as auditors and their verdicts still fit before the order's deadline.
     */
    private static Instant due(Draft draft, int place) {
        var now = draft.context().now();
        long upload = draft.job().spec().deadlines().upload();
        var own = now.plusSeconds(place * upload);
        var latest = Pricing.latestCheckpoint(
                draft.job().spec(),
                draft.job().order().deadline(),
                draft.context().policy());
        var least = now.plusSeconds(upload);
        return own.isBefore(latest) ? own : least.isAfter(latest) ? least : latest;
    }

    /** Takes a checkpoint; the first that is served for a border stands. */
    static Decision serve(Draft draft, ServeCheckpoint serve, String source) {
        return switch (Speaker.find(draft, serve.assignmentHash(), source)) {
            case Speaker.Refused(var rejected) -> rejected;
            case Speaker.Of(Attempt attempt) -> serve(draft, attempt, serve);
        };
    }

    private static Decision serve(Draft draft, Attempt attempt, ServeCheckpoint serve) {
        int border = serve.border();
        var work = attempt.done();
        if (!draft.job().state().isAtWork()) {
            return Draft.rejected(
                    ErrorCode.WRONG_STATE,
                    "Expected a checkpoint while job '%s' runs or is audited, but it is %s",
                    draft.id(),
                    draft.job().state().phase());
        }
        if (!draft.job().audited() || attempt.audits() || border >= attempt.lastBorder()) {
            return Draft.rejected(
                    ErrorCode.UNSUPPORTED,
                    "Expected a checkpoint that an audit can start from, but border %d of attempt %d is none",
                    border,
                    attempt.number());
        }
        if (work.flatMap(Work::sealedTo).filter(last -> last >= border).isEmpty()) {
            return Draft.rejected(
                    ErrorCode.NO_RECEIPT, "Expected border %d to be sealed and receipted, but it is not", border);
        }
        boolean asked = draft.job().state() instanceof State.Auditing auditing
                && auditing.audit()
                        .filter(file -> file.asked().containsKey(border)
                                && !file.served().contains(border))
                        .isPresent();
        if (!asked && work.orElseThrow().checkpoints().containsKey(border)) {
            return Draft.rejected(
                    ErrorCode.CONFLICT, "Expected the checkpoint of border %d to be missing, but it is here", border);
        }
        draft.record(new CheckpointServed(draft.id(), attempt.number(), border, serve.checkpoint()));
        Audits.conclude(draft);
        return draft.accepted();
    }

    /** What an auditor starts from; null at border 0, which everybody can compute. */
    static @Nullable ContentId checkpoint(Draft draft, int border) {
        var job = draft.job();
        if (border == job.doneTo()) {
            return job.resumeFrom();
        }
        return job.state() instanceof State.Auditing auditing
                ? job.attempt(auditing.run())
                        .done()
                        .map(work -> work.checkpoints().get(border))
                        .orElse(null)
                : null;
    }

    /** Whether all that auditors start from is here. */
    static boolean isServed(AuditFile file) {
        return unserved(file).isEmpty();
    }

    /** Borders whose checkpoints are asked for and missing, in order. */
    static List<Integer> unserved(AuditFile file) {
        return file.asked().keySet().stream()
                .filter(border -> !file.served().contains(border))
                .sorted()
                .toList();
    }

    /** Silence about a drawn segment must not beat being caught. */
    static void forfeit(Draft draft, State.Auditing auditing, AuditFile file) {
        var missing = unserved(file).stream()
                .filter(border -> !draft.context().now().isBefore(file.asked().get(border)))
                .toList();
        if (!missing.isEmpty()) {
            draft.end(
                    draft.job().attempt(auditing.run()),
                    AttemptEnd.LOST,
                    "Expected the checkpoints of borders %s to be served in time, but they were not; nothing is paid, and its opening can still be proven wrong"
                            .formatted(missing));
        }
    }

    static Digest secret(Attempt run, HubSecrets secrets) {
        return secrets.secret(run.assignment().orderHash(), run.number());
    }

    /**
     * What draws of one audit: its provider and its builder do not know the hub's secret, and the hub did not know the block
     * when it named it. Where no block became known, nothing but who audits is drawn, and secret and seal do it.
     */
    static Digest seed(Job job, State.Auditing auditing, HubSecrets secrets) {
        var block = auditing.audit().flatMap(AuditFile::blockHash).orElse(Digest.ZERO);
        return seed(job, auditing, block, secrets);
    }

    private static Digest seed(Job job, State.Auditing auditing, Digest block, HubSecrets secrets) {
        return Draw.seed(
                block,
                secret(job.attempt(auditing.run()), secrets),
                sealed(job, auditing).commitment().seal());
    }

    /** The seal that is audited. */
    private static Work.Receipted sealed(Job job, State.Auditing auditing) {
        return job.attempt(auditing.run())
                .done()
                .flatMap(work -> work.receiptAt(auditing.border()))
                .orElseThrow(() ->
                        new IllegalStateException("Expected to audit a sealed run, but attempt %d of job '%s' is none"
                                .formatted(auditing.run(), job.id())));
    }
}
