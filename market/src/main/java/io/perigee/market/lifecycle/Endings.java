package io.perigee.market.lifecycle;

import io.perigee.market.verification.Prefixes;
import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.CancelNoted;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.result.Payable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Ends a job before a quorum agreed on the whole. What q owners have sealed in common is opened and, where they agree,
 * paid: the last border at which a quorum holds receipts and nothing opened so far differs. When nothing is sealed in
 * common, nothing is owed.
 */
final class Endings {
    private Endings() {}

    static Decision cancel(Draft draft, CancelJob cancel, String source) {
        var job = draft.job();
        if (!cancel.by().equals(job.order().builder()) || !cancel.by().value().equals(source)) {
            return Draft.rejected(
                    ErrorCode.FORBIDDEN,
                    "Expected job '%s' to be cancelled by its builder, but '%s' asked",
                    job.id(),
                    source);
        }
        return switch (job.state()) {
            case State.Submitted _, State.Funded _, State.Queued _ -> {
                Verdicts.endOpen(draft, List.of(), List.of());
                yield draft.record(new JobCancelled(job.id(), source, job.owing(Payable.nothing())))
                        .accepted();
            }
            case State.Auditing auditing
            when auditing.early().isEmpty() ->
                auditing.goesOn()
                        ? draft.record(new CancelNoted(job.id(), source)).accepted()
                        : sealedWhole(job);
            case State.Active _, State.Disputed _ -> cancelRunning(draft);
            case State.Auditing _, State.Closing _, State.Decided _, State.Settled _ ->
                Draft.rejected(
                        ErrorCode.WRONG_STATE, "Expected to cancel job '%s', but it is ending already", job.id());
        };
    }

    private static Decision cancelRunning(Draft draft) {
        var job = draft.job();
        var prefix = Replicas.prefix(job);
        if (prefix.filter(whole -> whole.border() == job.lastBorder()).isPresent()) {
            return sealedWhole(job);
        }
        close(draft, Ending.CANCELLED, "");
        return draft.accepted();
    }

    private static Decision sealedWhole(Job job) {
        return Draft.rejected(
                ErrorCode.WRONG_STATE,
                "Expected to cancel job '%s', but %d owners have sealed the whole work, which is verified and paid",
                job.id(),
                job.audited() ? 1 : job.quorum());
    }

    /** Asks for the openings that can be paid, or ends the job at once when there are none. */
    static void close(Draft draft, Ending ending, String detail) {
        if (draft.job().state() instanceof State.Auditing auditing) {
            if (auditing.goesOn()) {
                Parts.drop(draft, auditing, detail);
                return;
            }
            unpaid(draft, auditing.early().orElse(new State.Early(ending, auditing.phase())), detail);
            return;
        }
        var prefix = Replicas.prefix(draft.job());
        if (prefix.isEmpty()) {
            unpaid(draft, new State.Early(ending, draft.job().state().phase()), detail);
            return;
        }
        ask(draft, ending, prefix.get());
    }

    /** Ends the job with nothing owed. */
    static void unpaid(Draft draft, State.Early early, String detail) {
        Verdicts.endOpen(draft, List.of(), List.of());
        finish(draft, early, detail, Payable.nothing());
    }

    private static void ask(Draft draft, Ending ending, Prefixes.Prefix prefix) {
        prefix.attempts()
                .forEach(attempt ->
                        draft.record(new RevealRequested(draft.id(), attempt, prefix.border(), ending.name())));
        draft.job()
                .open()
                // auditors of an earlier run may be right of this one's part, too
                .filter(attempt -> !attempt.audits() && !prefix.attempts().contains(attempt.number()))
                .toList()
                .forEach(attempt -> draft.end(attempt, AttemptEnd.CANCELLED, "The job ends without it"));
        if (draft.job().state() instanceof State.Closing closing && !Parts.open(draft, closing)) {
            finishWhenAnswered(draft, closing);
        }
    }

    static void finishWhenAnswered(Draft draft, State.Closing closing) {
        var waiting = closing.asked().stream()
                .flatMap(number -> draft.open(number).stream())
                .anyMatch(attempt -> attempt.evidence(closing.border()).isEmpty());
        if (!waiting) {
            finish(draft, closing);
        }
    }

    /** Ends a closing job with what is open: whoever was asked and is silent is lost. */
    static void finish(Draft draft, State.Closing closing) {
        var job = draft.job();
        var isPartLeft = closing.asked().stream()
                .flatMap(number -> draft.open(number).stream())
                .anyMatch(run -> Parts.giveUp(draft, run, silence(closing)));
        if (isPartLeft) {
            return;
        }
        Map<Object, List<Integer>> groups = new HashMap<>();
        // of an audited job an open part is audited and never comes here, and its auditors agree with each other as
        // runs do, but the contract pays no run of theirs
        var runs = job.audited() ? Stream.<Attempt>empty() : job.open();
        runs.forEach(attempt -> attempt.evidence(closing.border()).ifPresent(run -> groups.computeIfAbsent(
                        List.of(run.opening().root(), run.opening().outputDigest()), _ -> new ArrayList<>())
                .add(attempt.number())));
        var winners = groups.values().stream()
                .filter(group -> group.size() >= job.quorum())
                .findFirst()
                .orElse(List.of());
        var contradictors = winners.isEmpty()
                ? List.<Integer>of()
                : groups.values().stream()
                        .filter(group -> !group.equals(winners))
                        .flatMap(List::stream)
                        .sorted()
                        .toList();
        var payable =
                winners.isEmpty() ? Payable.nothing() : Verdicts.payable(job, closing.border(), winners, contradictors);
        closing.asked().stream()
                .sorted()
                .map(draft::open)
                .flatMap(Optional::stream)
                .filter(attempt -> attempt.evidence(closing.border()).isEmpty())
                .forEach(attempt -> draft.end(attempt, AttemptEnd.LOST, silence(closing)));
        Verdicts.endOpen(draft, winners, contradictors);
        finish(draft, new State.Early(closing.ending(), closing.from()), detail(closing, winners), payable);
    }

    private static String silence(State.Closing closing) {
        return "Expected border %d to be opened in time, but it was not".formatted(closing.border());
    }

    private static String detail(State.Closing closing, List<Integer> winners) {
        return winners.isEmpty()
                ? "No quorum agreed on any part"
                : "Attempts %s agree up to border %d, which is paid".formatted(winners, closing.border());
    }

    /** Says how the job ended, and what of it is owed. */
    static void finish(Draft draft, State.Early early, String detail, Payable last) {
        var id = draft.id();
        var payable = draft.job().owing(last);
        draft.record(
                switch (early.ending()) {
                    case CANCELLED ->
                        new JobCancelled(id, draft.job().order().builder().value(), payable);
                    case EXPIRED -> new JobExpired(id, early.from().wire().name(), payable);
                    case NO_QUORUM -> new JobFailed(id, Cause.NO_QUORUM, detail, payable);
                    case PROVIDERS_LOST -> new JobFailed(id, Cause.PROVIDERS_LOST, detail, payable);
                });
    }
}
