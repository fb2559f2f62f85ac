package io.perigee.market.lifecycle;

import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Outcome;
import io.perigee.market.verification.Hindsight;
import io.perigee.market.verification.Misconduct;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Digest;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an attempt that is over says of its owner. Only whole runs earn a record: an audit is a small part of the work, and
 * would make one cheaply. Whoever began and stopped dropped it, by its own will or not: else one could take what comes and
 * keep what pays best. To decline says nothing, and neither does what others decided.
 */
public final class TrackRecord {
    private TrackRecord() {}

    /** What the record is about. */
    public static Field field(Job job, Attempt attempt) {
        return new Field(attempt.owner(), attempt.assignment().numericClass(), Field.family(job.spec()));
    }

    /**
     * Empty while an attempt is open, and where its end says nothing.
     *
     * @param bindsStake whether a difference of bits proves something in a numeric class
     */
    static Optional<Outcome> of(Job job, Attempt attempt, Predicate<Digest> bindsStake) {
        return attempt.status() instanceof AttemptStatus.Ended ended
                ? kind(job, attempt, ended, bindsStake)
                        .map(kind -> new Outcome(job.id(), attempt.number(), kind, ended.at()))
                : Optional.empty();
    }

    private static Optional<OutcomeKind> kind(
            Job job, Attempt attempt, AttemptStatus.Ended ended, Predicate<Digest> bindsStake) {
        if (Refuted.is(job, attempt)) {
            return Optional.of(Refuted.kind(attempt, bindsStake));
        }
        if (ended.silence() == Silence.UNDECIDED && HeldWork.of(job).says(attempt) != Hindsight.OTHER) {
            return Optional.empty();
        }
        return switch (ended.end()) {
            case VERIFIED -> attempt.audits() ? Optional.empty() : Optional.of(verified(job, attempt));
            case REJECTED ->
                // without a class nobody vouches that bits agree: an image that looks at the machine differs by itself
                attempt.assignment().numericClass().isZero()
                        ? Optional.empty()
                        : Optional.of(kind(
                                job,
                                attempt,
                                attempt.audits() ? AuditorsWord.misconduct(job, attempt) : Misconduct.DIFFERING_SEGMENT,
                                bindsStake));
            case LOST ->
                ended.silence() == Silence.HURRIED_OPENING
                        ? Optional.empty()
                        : Optional.of(kind(job, attempt, silence(job, attempt, ended), bindsStake));
            case YIELDED -> mayBeTheImages(attempt) ? Optional.empty() : Optional.of(OutcomeKind.CRASHED);
            case FAILED ->
                ended.kind()
                        .filter(kind -> isTheProvidersOwn(job, attempt, kind) && !mayBeTheImages(attempt))
                        .map(_ -> OutcomeKind.CRASHED);
            case DECLINED, CANCELLED -> Optional.empty();
        };
    }

    /** What a run that was given up left may hold: its provider was silent all the same. */
    private static OutcomeKind verified(Job job, Attempt attempt) {
        return job.parts().stream()
                        .flatMap(part -> part.payable().winners().stream())
                        .anyMatch(run -> run.assignment().attempt() == attempt.number())
                ? OutcomeKind.CRASHED
                : OutcomeKind.VERIFIED;
    }

    /** Who had opened the whole, and knew what was drawn of it, may have been lost on purpose. */
    private static Misconduct silence(Job job, Attempt attempt, AttemptStatus.Ended ended) {
        if (!attempt.audits() && Impasse.of(job, attempt).isPresent()) {
            return Misconduct.UNREPEATABLE_SEGMENT;
        }
        return job.audited()
                        && !attempt.audits()
                        && ended.silence() == Silence.UNSERVED
                        && attempt.evidence(job.lastBorder()).isPresent()
                ? Misconduct.UNSERVED_CHECKPOINT
                : Misconduct.CRASHED;
    }

    /** A difference of bits is a proof only where bits are known to agree. */
    private static OutcomeKind kind(Job job, Attempt attempt, Misconduct misconduct, Predicate<Digest> bindsStake) {
        boolean binds = bindsStake.test(attempt.assignment().numericClass());
        return misconduct.ledger(binds, HeldWork.of(job).says(attempt)).kind();
    }

    /** Jobs without a class bring an image of the builder's own: one that does nothing could stain every owner's record. */
    private static boolean mayBeTheImages(Attempt attempt) {
        return attempt.assignment().numericClass().isZero()
                && attempt.done().flatMap(Work::sealedTo).isEmpty();
    }

    /** To say yes and do nothing is silence, and must not be cheaper than to be gone. */
    private static boolean isTheProvidersOwn(Job job, Attempt attempt, FailureKind kind) {
        return switch (Failures.blame(kind)) {
            case PROVIDER -> true;
            case TIME -> !Failures.hasWorked(job, attempt);
            case JOB, JOB_OR_MACHINE, CHECKPOINT -> false;
        };
    }
}
