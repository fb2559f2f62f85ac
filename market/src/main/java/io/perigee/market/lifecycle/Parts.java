package io.perigee.market.lifecycle;

import io.perigee.market.verification.Stretch;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.result.Payable;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the run of an audited job leaves when its provider is silent for good. It opens some borders in passing and
 * uploads their checkpoints; the last of them is audited before anybody goes on from there, because who went on from a
 * forged one would work for nothing. Where it does not hold, or nobody comes to audit it, the next run begins where this
 * one did.
 */
final class Parts {
    /** Openings in passing of one run: each repeats all leaves before it. */
    static final int MOST = 32;

    private Parts() {}

    /** The borders that a run opened in passing: it had the hub's receipt for each, and its checkpoint came along. */
    private static Stream<Integer> passed(Attempt run) {
        return run.done().stream().flatMap(work -> work.openings().stream()).map(Work.Opened::border);
    }

    private static Optional<ContentId> checkpoint(Attempt run, int border) {
        return run.done().map(work -> work.checkpoints().get(border));
    }

    /** Whether a run may open a border in passing; its checkpoint must come along. */
    static boolean isDue(Job job, Attempt run, int border, boolean withCheckpoint) {
        return job.audited()
                && !run.audits()
                && withCheckpoint
                && border < run.lastBorder()
                && run.status() instanceof AttemptStatus.Running(Work work)
                && work.openings().size() < MOST;
    }

    /** Ends a run that is lost; what it left is audited first. */
    static void lose(Draft draft, Attempt run, String reason) {
        if (!giveUp(draft, run, reason)) {
            draft.end(run, AttemptEnd.LOST, reason);
        }
    }

    /** Takes up what a run that does nothing more left; false where it left nothing. */
    static boolean giveUp(Draft draft, Attempt run, String reason) {
        var job = draft.job();
        var border = job.audited() && !run.audits() && isWaitedFor(job, run)
                ? passed(run).max(Integer::compare)
                : Optional.<Integer>empty();
        border.ifPresent(at -> take(draft, run, at, reason));
        return border.isPresent();
    }

    private static boolean isWaitedFor(Job job, Attempt run) {
        return switch (job.state()) {
            case State.Active _ -> true;
            // whether it ends early first or its run does, the same is left
            case State.Closing closing -> closing.asked().contains(run.number());
            case State.Submitted _,
                    State.Funded _,
                    State.Queued _,
                    State.Disputed _,
                    State.Auditing _,
                    State.Decided _,
                    State.Settled _ -> false;
        };
    }

    /** A job that ends early at a border that is open already has nothing to wait for. */
    static boolean open(Draft draft, State.Closing closing) {
        var job = draft.job();
        var run = job.open()
                .filter(attempt -> !attempt.audits() && closing.asked().contains(attempt.number()))
                .findFirst()
                .filter(attempt ->
                        job.audited() && attempt.evidence(closing.border()).isPresent());
        run.ifPresent(attempt -> take(draft, attempt, closing.border(), "It had opened all that it sealed"));
        return run.isPresent();
    }

    private static void take(Draft draft, Attempt run, int border, String reason) {
        draft.record(new RunGivenUp(draft.id(), run.number(), border, reason));
        Audits.conclude(draft);
    }

    /** It holds: whoever did and audited it is owed for it, and the next run begins where it ends, if there is to be one. */
    static void accept(Draft draft, State.Auditing auditing, Payable payable) {
        var checkpoint = checkpoint(draft.job().attempt(auditing.run()), auditing.border());
        draft.record(new PartAccepted(draft.id(), auditing.run(), payable, checkpoint.orElseThrow()));
        auditing.early()
                .ifPresentOrElse(
                        early -> Endings.unpaid(draft, early, "It was cancelled while its part was audited"),
                        () -> Verdicts.conclude(draft));
    }

    /** Nobody can say whether it holds: it is owed nothing, and the next run begins where this one did. */
    static void drop(Draft draft, State.Auditing auditing, String detail) {
        var run = draft.job().attempt(auditing.run());
        var why = detail.isEmpty() ? "nobody came in time who could audit it" : detail;
        draft.end(run, AttemptEnd.LOST, "Its part up to border %d is not paid: %s".formatted(auditing.border(), why));
        Audits.reopen(draft, "Attempt %d is lost: %s".formatted(run.number(), why));
    }

    /**
     * Why a part cannot be audited: so many owners as decide anything else could not fetch the checkpoint that they were to
     * start from, or could not run on from it, and nobody could. Its files are the hub's to give, and there is nobody left
     * to bring others.
     */
    static Optional<String> outOfReach(Job job, State.Auditing auditing) {
        if (!auditing.goesOn()) {
            return Optional.empty();
        }
        var run = job.attempt(auditing.run());
        return Impasse.of(job, run, auditor -> lackedCheckpoint(run, auditor) || Impasse.denies(auditor))
                .map(stop -> stop.attempts().stream().map(job::attempt).allMatch(each -> lackedCheckpoint(run, each))
                        ? "attempts %s could not fetch the checkpoint of border %d"
                                .formatted(stop.attempts(), stop.border())
                        : stop.words());
    }

    /** At the run's own start the job's input is lacking, or what an earlier run left. */
    private static boolean lackedCheckpoint(Attempt run, Attempt auditor) {
        return auditor.assignment().fromBorder() > run.assignment().fromBorder()
                && auditor.failure()
                        .filter(FailureKind.INPUT_UNAVAILABLE::equals)
                        .isPresent();
    }

    /**
     * What an auditor runs. It begins at the last checkpoint before it that is here and was held against its leaf: one that
     * came with an opening, or one that was asked for. Of a part nobody can be asked for others any more, and of a whole the
     * segments are drawn.
     */
    static Stretch startable(Job job, State.Auditing auditing, Stretch wanted) {
        var run = job.attempt(auditing.run());
        int from = Stream.concat(passed(run), auditing.audit().stream().flatMap(file -> file.served().stream()))
                .filter(border ->
                        border <= wanted.fromBorder() && checkpoint(run, border).isPresent())
                .max(Integer::compare)
                .orElse(run.assignment().fromBorder());
        return new Stretch(from, wanted.toBorder());
    }
}
