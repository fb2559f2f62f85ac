package io.perigee.market.lifecycle;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.Digest;

/** Finds the attempt somebody speaks for, or says why he may not. */
sealed interface Speaker {

    record Of(Attempt attempt) implements Speaker {}

    record Refused(Decision.Rejected rejected) implements Speaker {}

    static Speaker find(Draft draft, Digest assignmentHash, String source) {
        var job = draft.job();
        var attempt = job.attempt(assignmentHash, draft.context().domain());
        if (attempt.isEmpty() || !attempt.get().assignment().provider().value().equals(source)) {
            return refused(
                    ErrorCode.NOT_ASSIGNED,
                    "Expected assignment '%s' of job '%s' to be held by '%s', but the hub gave it to somebody else or never made it",
                    assignmentHash,
                    job.id(),
                    source);
        }
        if (attempt.get().status() instanceof AttemptStatus.Ended ended) {
            return refused(
                    ErrorCode.STALE_LEASE,
                    "Expected attempt %d of job '%s' to be open, but it ended as %s",
                    attempt.get().number(),
                    job.id(),
                    ended.end());
        }
        if (job.state() instanceof State.Auditing auditing
                && auditing.goesOn()
                && auditing.run() == attempt.get().number()) {
            return refused(
                    ErrorCode.STALE_LEASE,
                    "Expected attempt %d of job '%s' to go on, but it was given up, and what it opened up to border %d is audited without it",
                    auditing.run(),
                    job.id(),
                    auditing.border());
        }
        return switch (job.state()) {
            case State.Queued _, State.Active _, State.Auditing _, State.Disputed _, State.Closing _ ->
                new Of(attempt.get());
            case State.Submitted _, State.Funded _, State.Decided _, State.Settled _ ->
                refused(
                        ErrorCode.STALE_LEASE,
                        "Expected job '%s' to be running, but it is %s",
                        job.id(),
                        job.state().phase());
        };
    }

    private static Refused refused(ErrorCode code, String detail, Object... values) {
        return new Refused(Draft.rejected(code, detail, values));
    }
}
