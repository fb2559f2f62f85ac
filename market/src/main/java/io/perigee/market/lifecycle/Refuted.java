package io.perigee.market.lifecycle;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.rest.Outcome;
import java.util.function.Predicate;

/**
 * Who said that a job cannot be run, or not from a checkpoint, and others ran it from there. To say so costs no work, so
 * it must not cost less than to be silent. Of jobs without a class nothing is said: the image decides what it runs on.
 */
final class Refuted {
    private Refuted() {}

    static boolean is(Job job, Attempt attempt) {
        return !attempt.assignment().numericClass().isZero()
                && (attempt.audits() ? deniedWhatHolds(job, attempt) : blamedWhatWasDone(job, attempt));
    }

    /** An auditor looks at one thing and says that it is none; a run may have lost its machine. */
    static OutcomeKind kind(Attempt attempt, Predicate<Digest> bindsStake) {
        return attempt.audits() && bindsStake.test(attempt.assignment().numericClass())
                ? OutcomeKind.DOUBTED
                : OutcomeKind.CRASHED;
    }

    private static boolean blamedWhatWasDone(Job job, Attempt run) {
        return job.state() instanceof State.Decided(Outcome outcome, var _)
                && outcome == Outcome.ACCEPTED
                && run.failure()
                        .map(Failures::blame)
                        .filter(Refuted::isOfTheJob)
                        .isPresent();
    }

    private static boolean isOfTheJob(Failures.Blame blame) {
        return switch (blame) {
            case JOB, JOB_OR_MACHINE, CHECKPOINT -> true;
            case TIME, PROVIDER -> false;
        };
    }

    /** Another auditor began there, from the same leaf, and what it found holds. */
    private static boolean deniedWhatHolds(Job job, Attempt auditor) {
        return Impasse.denies(auditor)
                && job.attempts().stream()
                        .filter(other -> other.audits()
                                && other.end()
                                        .filter(AttemptEnd.VERIFIED::equals)
                                        .isPresent())
                        .anyMatch(other -> isSameStart(job, auditor, other));
    }

    private static boolean isSameStart(Job job, Attempt one, Attempt other) {
        int border = one.assignment().fromBorder();
        return other.assignment().fromBorder() == border
                && AuditVotes.leaf(AuditVotes.auditedBy(job, one), border)
                        .equals(AuditVotes.leaf(AuditVotes.auditedBy(job, other), border));
    }
}
