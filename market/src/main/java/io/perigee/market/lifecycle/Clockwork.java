package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.result.Payable;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What happens when time is up. Asking too early, or twice, changes nothing. */
final class Clockwork {
    private Clockwork() {}

    static Decision decide(Draft draft) {
        var job = draft.job();
        var policy = draft.context().policy();
        switch (job.state()) {
            case State.Submitted(Instant until) -> expire(draft, until);
            case State.Funded(Instant until) -> expire(draft, until);
            case State.Queued queued -> {
                // auditors of a run that is out may be left over
                late(job, draft.context().now()).forEach(attempt -> end(draft, attempt));
                expire(draft, Deadlines.queue(job, queued, policy));
            }
            case State.Active _ -> active(draft);
            case State.Auditing auditing -> auditing(draft, auditing);
            case State.Disputed disputed -> {
                late(job, draft.context().now()).forEach(attempt -> end(draft, attempt));
                if (passed(draft, Deadlines.dispute(job, disputed, policy))) {
                    Endings.close(
                            draft,
                            Ending.NO_QUORUM,
                            "Nobody came who could decide between attempts " + disputed.attempts());
                }
            }
            case State.Closing closing -> {
                if (passed(draft, Deadlines.closing(job, closing, policy))) {
                    Endings.finish(draft, closing);
                }
            }
            case State.Decided _, State.Settled _ -> {}
        }
        return draft.accepted();
    }

    private static void expire(Draft draft, Instant until) {
        if (passed(draft, until)) {
            var state = draft.job().state().phase().wire().name();
            Verdicts.endOpen(draft, List.of(), List.of());
            draft.record(new JobExpired(draft.id(), state, draft.job().owing(Payable.nothing())));
        }
    }

    private static List<Attempt> late(Job job, Instant now) {
        return job.open().filter(attempt -> isDue(job, attempt, now)).toList();
    }

    private static boolean isDue(Job job, Attempt attempt, Instant now) {
        return Deadlines.of(job, attempt).filter(due -> !now.isBefore(due)).isPresent();
    }

    private static void auditing(Draft draft, State.Auditing auditing) {
        // also before the draw: auditors of a run before this one may still be at work
        late(draft.job(), draft.context().now()).forEach(attempt -> end(draft, attempt));
        if (auditing.audit().isEmpty()) {
            if (passed(
                    draft, Deadlines.draw(draft.job(), auditing, draft.context().policy()))) {
                Drawing.all(draft, auditing);
            }
            return;
        }
        var file = auditing.audit().get();
        Drawing.forfeit(draft, auditing, file);
        Hearing.late(draft, file);
        Audits.conclude(draft);
        if (draft.job().state() instanceof State.Auditing now
                && now.audit()
                        .flatMap(known -> Deadlines.lackingAuditor(
                                draft.job(), now, known, draft.context().policy()))
                        .filter(due -> passed(draft, due))
                        .isPresent()) {
            Endings.close(draft, Ending.EXPIRED, "");
        }
    }

    /**
     * What a run says whose provider's clock came before the hub's: it counts as if the hub's had said it. Who has sealed
     * something that others may have sealed, too, is not ended before that: it may be asked to open it.
     */
    static void timedOut(Draft draft, Attempt attempt, AttemptEnded ended) {
        var job = draft.job();
        var late = Stream.concat(
                        late(job, draft.context().now()).stream().filter(each -> each.number() != attempt.number()),
                        Stream.of(attempt))
                .toList();
        if (isTooSlowForAll(job, draft.context().policy(), late)) {
            var isAsked = Replicas.prefix(job)
                    .filter(prefix -> prefix.attempts().contains(attempt.number()))
                    .isPresent();
            if (!isAsked) {
                draft.record(ended);
            }
            Endings.close(draft, Ending.EXPIRED, "");
        } else if (Replicas.stands(job)
                || job.audited()
                || attempt.done().flatMap(Work::sealedTo).isEmpty()
                || isDue(job, attempt, draft.context().now())) {
            Reports.fail(draft, attempt, ended);
        }
    }

    private static void active(Draft draft) {
        var late = late(draft.job(), draft.context().now());
        if (isTooSlowForAll(draft.job(), draft.context().policy(), late)) {
            Endings.close(draft, Ending.EXPIRED, "");
            return;
        }
        late.forEach(attempt -> end(draft, attempt));
        if (!late.isEmpty()) {
            Verdicts.conclude(draft);
        }
        if (draft.job().state() instanceof State.Active
                && Deadlines.lacking(draft.job(), draft.context().policy())
                        .filter(due -> passed(draft, due))
                        .isPresent()) {
            Endings.close(draft, Ending.EXPIRED, "");
        }
    }

    /**
     * When q owners needed more than the run deadline, the deadline is to blame and not they. Of a builder for whom one is
     * enough for every other fault, one lease is, whatever was done in it. Where a quorum has made it in time, the deadline
     * was long enough.
     */
    private static boolean isTooSlowForAll(Job job, MarketPolicy policy, List<Attempt> late) {
        if (Replicas.stands(job)) {
            return false;
        }
        return policy.crashLimit() == 1 ? slow(job, late).findAny().isPresent() : isDeadlineToBlame(job, policy, late);
    }

    /**
     * Whether so many have shown that they worked, and could not make it.
     *
     * @param decided what was decided about this job then: some may have said themselves that their time is up
     */
    static boolean isDeadlineToBlame(Job job, MarketPolicy policy, Instant now, List<JobFact> decided) {
        var said = decided.stream()
                .filter(fact -> fact instanceof AttemptEnded ended && ended.kind() == FailureKind.TIMED_OUT)
                .map(fact -> ((AttemptEnded) fact).attempt())
                .map(job::attempt);
        return isDeadlineToBlame(
                job, policy, Stream.concat(late(job, now).stream(), said).toList());
    }

    private static boolean isDeadlineToBlame(Job job, MarketPolicy policy, List<Attempt> late) {
        Set<Address> voices = slow(job, late)
                .filter(attempt -> Failures.hasWorked(job, attempt))
                .map(Attempt::owner)
                .collect(Collectors.toCollection(HashSet::new));
        if (voices.isEmpty()) {
            return false;
        }
        voices.addAll(Failures.owners(job, Failures.Blame.TIME));
        return voices.size() >= (policy.crashLimit() == 1 ? 1 : job.quorum());
    }

    /** Runs whose time is up. */
    private static Stream<Attempt> slow(Job job, List<Attempt> late) {
        return job.state() instanceof State.Active
                ? late.stream()
                        .filter(attempt -> !attempt.audits() && attempt.status() instanceof AttemptStatus.Running)
                : Stream.empty();
    }

    private static void end(Draft draft, Attempt attempt) {
        switch (attempt.status()) {
            case AttemptStatus.Assigned _ ->
                draft.end(attempt, AttemptEnd.LOST, "Expected the assignment to be taken in time, but it was not");
            case AttemptStatus.Running _
            when Parts.giveUp(draft, attempt, "Expected the work to be sealed in time, but it was not") -> {}
            case AttemptStatus.Running _ ->
                draft.record(new AttemptEnded(
                        draft.id(),
                        attempt.number(),
                        AttemptEnd.FAILED,
                        FailureKind.TIMED_OUT,
                        null,
                        (Failures.hasWorked(draft.job(), attempt)
                                        ? "Expected the work to be sealed within %d s, but it was not"
                                        : "Expected a border to be sealed within %d s, but none was, which counts as a crash")
                                .formatted(draft.job().spec().deadlines().run())));
            case AttemptStatus.Committed _ ->
                Parts.lose(
                        draft,
                        attempt,
                        "Expected the seal to be opened in time, but it was not; what stays sealed costs no bond");
            case AttemptStatus.Revealed _, AttemptStatus.Ended _ -> {}
        }
    }

    private static boolean passed(Draft draft, Instant due) {
        return !draft.context().now().isBefore(due);
    }
}
