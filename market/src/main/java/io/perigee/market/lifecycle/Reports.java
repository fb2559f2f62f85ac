package io.perigee.market.lifecycle;

import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.DeclineAssignment;
import io.perigee.protocol.command.ReportFailure;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.message.Acceptance;

/** What providers report besides results: taking, declining, failing. */
final class Reports {
    private static final int LONGEST_DETAIL = 2_000;

    private Reports() {}

    static Decision accept(Draft draft, AcceptAssignment accept, String source) {
        return switch (Speaker.find(draft, accept.assignmentHash(), source)) {
            case Speaker.Refused(var rejected) -> rejected;
            case Speaker.Of(Attempt attempt) -> {
                if (!(attempt.status() instanceof AttemptStatus.Assigned)) {
                    yield Draft.rejected(
                            ErrorCode.CONFLICT,
                            "Expected to take attempt %d, but it is taken already",
                            attempt.number());
                }
                var digest = new Acceptance(accept.assignmentHash())
                        .digest(draft.context().domain());
                if (!Signatures.isBy(attempt.sessionKey().key(), digest, accept.signature())) {
                    yield Draft.rejected(
                            ErrorCode.BAD_SIGNATURE,
                            "Expected the acceptance to be signed by session key '%s', but it is not",
                            attempt.sessionKey().key());
                }
                if (!draft.job().state().isAtWork()) {
                    yield Draft.rejected(
                            ErrorCode.WRONG_STATE,
                            "Expected to start attempt %d, but the job is %s",
                            attempt.number(),
                            draft.job().state().phase());
                }
                yield draft.record(new AttemptStarted(draft.id(), attempt.number(), accept.signature()))
                        .accepted();
            }
        };
    }

    static Decision decline(Draft draft, DeclineAssignment decline, String source) {
        return switch (Speaker.find(draft, decline.assignmentHash(), source)) {
            case Speaker.Refused(var rejected) -> rejected;
            case Speaker.Of(Attempt attempt) -> {
                if (!(attempt.status() instanceof AttemptStatus.Assigned)) {
                    yield Draft.rejected(
                            ErrorCode.WRONG_STATE,
                            "Expected to decline attempt %d, but it is taken already",
                            attempt.number());
                }
                draft.end(attempt, AttemptEnd.DECLINED, bounded(decline.detail()));
                Verdicts.conclude(draft);
                yield draft.accepted();
            }
        };
    }

    static Decision failure(Draft draft, ReportFailure failure, String source) {
        return switch (Speaker.find(draft, failure.assignmentHash(), source)) {
            case Speaker.Refused(var rejected) -> rejected;
            case Speaker.Of(Attempt attempt) -> {
                if (!attempt.running()) {
                    yield Draft.rejected(
                            ErrorCode.WRONG_STATE,
                            "Expected to end attempt %d as failed, but its result is open already",
                            attempt.number());
                }
                if (failure.kind() == FailureKind.BAD_CHECKPOINT && !isBeginning(attempt)) {
                    yield Draft.rejected(
                            ErrorCode.UNSUPPORTED,
                            "Expected attempt %d to begin from a checkpoint and to have sealed nothing, but it began at border %d",
                            attempt.number(),
                            attempt.assignment().fromBorder());
                }
                var isTime = failure.kind() == FailureKind.TIMED_OUT
                        && !attempt.audits()
                        && attempt.status() instanceof AttemptStatus.Running
                        && draft.job().state() instanceof State.Active;
                if (isTime) {
                    Clockwork.timedOut(draft, attempt, ended(draft, attempt, failure));
                } else {
                    fail(draft, attempt, ended(draft, attempt, failure));
                }
                Verdicts.conclude(draft);
                yield draft.accepted();
            }
        };
    }

    /** Only who was given a checkpoint and has got nowhere from it can say that it is none. */
    private static boolean isBeginning(Attempt attempt) {
        return attempt.assignment().fromBorder() > 0
                && attempt.done().flatMap(Work::sealedTo).isEmpty();
    }

    /** Ends a run that stops; unless it says what is wrong with the job, what it left is audited first. */
    static void fail(Draft draft, Attempt attempt, AttemptEnded ended) {
        var isAnswer = ended.kind() != null && Failures.blame(ended.kind()) == Failures.Blame.JOB;
        var kind = ended.kind() == null ? ended.end().name() : ended.kind().name();
        if (isAnswer || !Parts.giveUp(draft, attempt, "It stopped as %s: %s".formatted(kind, ended.detail()))) {
            draft.record(ended);
        }
    }

    private static AttemptEnded ended(Draft draft, Attempt attempt, ReportFailure failure) {
        // to yield needs something to yield: who has not started declines, who has sealed it all failed to deliver
        var yields = failure.kind() == FailureKind.YIELDED && attempt.status() instanceof AttemptStatus.Running;
        return new AttemptEnded(
                draft.id(),
                attempt.number(),
                yields ? AttemptEnd.YIELDED : AttemptEnd.FAILED,
                yields ? null : failure.kind(),
                failure.exitCode(),
                bounded(failure.detail()));
    }

    private static String bounded(String detail) {
        return detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL) + "…" : detail;
    }
}
