package io.perigee.market.lifecycle;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.result.Payable;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What happens when time is up. Asking too early, or twice, changes nothing. */
final class Clockwork {
    private Clockwork() {}

    static Decision decide(Draft draft) {
        var job = draft.job();
        var policy = draft.context().policy();
        switch (job.state()) {
            case State.Submitted(Instant until) -> expire(draft, until);
            case State.Funded(Instant until) -> expire(draft, until);
            case State.Queued queued -> expire(draft, Deadlines.queue(job, queued, policy));
            case State.Active _ -> active(draft);
            case State.Auditing auditing -> auditing(draft, auditing);
            case State.Disputed disputed -> {
                if (passed(draft, Deadlines.dispute(job, disputed, policy))) {
                    Endings.close(
                            draft,
                            Ending.NO_QUORUM,
                            "Nobody came who could decide between attempts " + disputed.attempts());
                }
            }
            case State.Closing closing -> {
                if (passed(draft, closing.since().plus(policy.closingTimeout()))) {
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
            draft.record(new JobExpired(draft.id(), state, Payable.nothing()));
        }
    }

    private static List<Attempt> late(Draft draft) {
        return draft.job()
                .open()
                .filter(attempt -> Deadlines.of(draft.job(), attempt)
                        .filter(due -> passed(draft, due))
                        .isPresent())
                .toList();
    }

    private static void auditing(Draft draft, State.Auditing auditing) {
        if (auditing.audit().isEmpty()) {
            if (passed(draft, Deadlines.draw(auditing, draft.context().policy()))) {
                Drawing.all(draft, auditing);
            }
            return;
        }
        var file = auditing.audit().get();
        late(draft).forEach(attempt -> end(draft, attempt));
        Drawing.forfeit(draft, auditing, file);
        Hearing.late(draft, file);
        Audits.conclude(draft);
        if (draft.job().state() instanceof State.Auditing now
                && now.audit()
                        .flatMap(known -> Deadlines.lackingAuditor(
                                draft.job(), known, draft.context().policy()))
                        .filter(due -> passed(draft, due))
                        .isPresent()) {
            Endings.close(draft, Ending.EXPIRED, "");
        }
    }

    private static void active(Draft draft) {
        var late = late(draft);
        if (tooSlowForAll(draft, late)) {
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

    /** When q owners needed more than the run deadline, the deadline is to blame and not they. */
    private static boolean tooSlowForAll(Draft draft, List<Attempt> late) {
        Set<Address> slow = new HashSet<>();
        late.stream()
                .filter(attempt -> attempt.status() instanceof AttemptStatus.Running)
                .forEach(attempt -> slow.add(attempt.owner()));
        if (slow.isEmpty()) {
            return false;
        }
        slow.addAll(Failures.owners(draft.job(), Failures.Blame.TIME));
        return slow.size() >= draft.job().quorum();
    }

    private static void end(Draft draft, Attempt attempt) {
        switch (attempt.status()) {
            case AttemptStatus.Assigned _ ->
                draft.end(attempt, AttemptEnd.LOST, "Expected the assignment to be taken in time, but it was not");
            case AttemptStatus.Running _ ->
                draft.record(new AttemptEnded(
                        draft.id(),
                        attempt.number(),
                        AttemptEnd.FAILED,
                        FailureKind.TIMED_OUT,
                        null,
                        "Expected the work to be sealed within %d s, but it was not"
                                .formatted(draft.job().spec().deadlines().run())));
            case AttemptStatus.Committed _ ->
                draft.end(
                        attempt,
                        AttemptEnd.LOST,
                        "Expected the seal to be opened in time, but it was not; what stays sealed costs no bond");
            case AttemptStatus.Revealed _, AttemptStatus.Ended _ -> {}
        }
    }

    private static boolean passed(Draft draft, Instant due) {
        return !draft.context().now().isBefore(due);
    }
}
