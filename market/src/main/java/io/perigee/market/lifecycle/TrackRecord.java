package io.perigee.market.lifecycle;

import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.verification.Misconduct;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.spec.JobSpec;
import java.util.Optional;

/**
 * What an attempt that is over says of its owner. Only whole runs earn a record: an audit is a small part of the work, and
 * would make one cheaply. What others decided (a decline, a yield, a job that ended) says nothing.
 */
public final class TrackRecord {
    private TrackRecord() {}

    /** What the record is about. */
    public static Field field(Job job, Attempt attempt) {
        return new Field(attempt.owner(), attempt.assignment().numericClass(), family(job.spec()));
    }

    /** The trainer by name, or a builder's own image by digest. */
    public static String family(JobSpec spec) {
        return spec.trainer().isEmpty() ? spec.image().value() : spec.trainer();
    }

    /** Empty while an attempt is open, and where its end says nothing. */
    public static Optional<Outcome> of(Job job, Attempt attempt) {
        return attempt.status() instanceof AttemptStatus.Ended ended
                ? kind(job, attempt, ended).map(kind -> new Outcome(job.id(), attempt.number(), kind, ended.at()))
                : Optional.empty();
    }

    private static Optional<Outcome.Kind> kind(Job job, Attempt attempt, AttemptStatus.Ended ended) {
        return switch (ended.end()) {
            case VERIFIED -> attempt.audits() ? Optional.empty() : Optional.of(Outcome.Kind.VERIFIED);
            case REJECTED -> Optional.of(rejected(attempt));
            // who is silent about what it forged must not pass for a machine that died
            case LOST ->
                Optional.of(Convictions.isConvicted(job, attempt) ? Outcome.Kind.CHEATED : Outcome.Kind.CRASHED);
            case FAILED -> ended.kind().filter(TrackRecord::isTheProvidersOwn).map(_ -> Outcome.Kind.CRASHED);
            case YIELDED, DECLINED, CANCELLED -> Optional.empty();
        };
    }

    /** A difference of bits is a proof only where bits are known to agree; the hub counts no other class's population yet. */
    private static Outcome.Kind rejected(Attempt attempt) {
        boolean binds = attempt.assignment().numericClass().equals(NumericClass.STRICT);
        var misconduct = attempt.audits() ? Misconduct.WRONG_AUDIT : Misconduct.DIFFERING_SEGMENT;
        return switch (misconduct.sanction(binds).ledger()) {
            case CRASH -> Outcome.Kind.CRASHED;
            case CHEAT -> Outcome.Kind.CHEATED;
        };
    }

    private static boolean isTheProvidersOwn(FailureKind kind) {
        return Failures.blame(kind) == Failures.Blame.PROVIDER;
    }
}
