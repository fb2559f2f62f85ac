package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.Address;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose fault a failure is, and what follows.
 *
 * <p>A job's own fault (bad spec, bad data, an image that breaks the contract) is an answer like any other: q owners
 * that say the same end the job, and everything goes back to the builder. Crashes and lack of memory may be the job's
 * or the machine's, so others try until {@code crashLimit} owners saw one, or until q saw one and nobody is left to
 * try. What is the provider's affair counts as a lost attempt. A checkpoint from which nobody can begin is the fault of
 * who left it, and what auditors say of the job speaks against the run that they audit ({@link Impasse}).
 */
final class Failures {
    private Failures() {}

    /** Whose fault it is. */
    enum Blame {
        JOB,
        JOB_OR_MACHINE,
        /** Of whoever left the checkpoint. */
        CHECKPOINT,
        TIME,
        PROVIDER
    }

    static Blame blame(FailureKind kind) {
        return switch (kind) {
            case BAD_SPEC, BAD_DATA, CONTRACT_BROKEN -> Blame.JOB;
            case OUT_OF_MEMORY, CRASHED -> Blame.JOB_OR_MACHINE;
            case BAD_CHECKPOINT -> Blame.CHECKPOINT;
            case TIMED_OUT -> Blame.TIME;
            case YIELDED, INPUT_UNAVAILABLE, ENGINE -> Blame.PROVIDER;
        };
    }

    static Cause cause(FailureKind kind) {
        return switch (kind) {
            case BAD_SPEC -> Cause.BAD_SPEC;
            case BAD_DATA -> Cause.BAD_DATA;
            case OUT_OF_MEMORY -> Cause.OUT_OF_MEMORY;
            case CONTRACT_BROKEN, CRASHED -> Cause.CONTAINER;
            case TIMED_OUT -> Cause.RUN_DEADLINE;
            case YIELDED, INPUT_UNAVAILABLE, BAD_CHECKPOINT, ENGINE -> Cause.PROVIDERS_LOST;
        };
    }

    /** Whether a job that failed so was itself at fault. */
    static boolean isTheJobs(Cause cause) {
        return switch (cause) {
            case BAD_SPEC, BAD_DATA, OUT_OF_MEMORY, CONTAINER -> true;
            case INVALID_ORDER, FUNDING, QUEUE_DEADLINE, RUN_DEADLINE, NO_QUORUM, PROVIDERS_LOST, BUDGET, CANCELLED ->
                false;
        };
    }

    static boolean isAnswer(Attempt attempt) {
        return !attempt.audits()
                && attempt.failure().map(kind -> blame(kind) == Blame.JOB).orElse(false);
    }

    /** The last run that ended with something which may be held against the job or its builder. */
    static Optional<Attempt> accuser(Job job) {
        return job.attempts().stream()
                .filter(attempt -> !attempt.audits()
                        && attempt.failure()
                                .map(kind -> blame(kind) != Blame.PROVIDER)
                                .orElse(false))
                .max(Comparator.comparing(Attempt::number));
    }

    /** The last run that did not serve what was drawn of it, though it had the time. */
    static Optional<Attempt> silent(Job job) {
        return job.attempts().stream()
                .filter(attempt -> !attempt.audits()
                        && attempt.status() instanceof AttemptStatus.Ended ended
                        && ended.end() == AttemptEnd.LOST
                        && ended.silence() == Silence.UNSERVED)
                .max(Comparator.comparing(Attempt::number));
    }

    static Set<Address> owners(Job job, Blame blame) {
        return job.attempts().stream()
                .filter(attempt -> !attempt.audits()
                        && attempt.failure().map(kind -> blame(kind) == blame).orElse(false))
                .filter(attempt -> blame != Blame.TIME || hasWorked(job, attempt))
                .map(Attempt::owner)
                .collect(Collectors.toSet());
    }

    /**
     * Whether an owner whose time is up has shown that it worked. Where there are segments, who sealed none cannot be told
     * from one that took the assignment and did nothing.
     */
    static boolean hasWorked(Job job, Attempt attempt) {
        return job.lastBorder() == 0 || attempt.done().flatMap(Work::sealedTo).isPresent();
    }

    /** The crash that most owners saw, the latest of equals, when at least so many owners saw any. */
    static Optional<Attempt> crash(Job job, int owners) {
        var crashed = job.attempts().stream()
                .filter(attempt -> !attempt.audits())
                .filter(attempt -> attempt.failure()
                        .map(kind -> blame(kind) == Blame.JOB_OR_MACHINE)
                        .orElse(false))
                .toList();
        if (crashed.stream().map(Attempt::owner).distinct().count() < owners) {
            return Optional.empty();
        }
        return crashed.stream()
                .max(Comparator.comparingLong((Attempt attempt) -> sameKind(crashed, attempt))
                        .thenComparing(Attempt::number));
    }

    /**
     * What ends a job for its own fault before q owners have said so: a crash that enough owners saw, and where one is
     * enough, what that one says.
     */
    static Optional<Attempt> fault(Job job, MarketPolicy policy) {
        var crash = crash(job, policy.crashLimit());
        return crash.isPresent() || policy.crashLimit() > 1
                ? crash
                : job.attempts().stream().filter(Failures::isAnswer).findFirst();
    }

    private static long sameKind(List<Attempt> crashed, Attempt attempt) {
        return crashed.stream()
                .filter(other -> other.failure().equals(attempt.failure()))
                .count();
    }

    /** Whether an owner may not be tried again for this job. */
    static boolean excludes(Attempt attempt) {
        return switch (attempt.end().orElse(AttemptEnd.VERIFIED)) {
            case VERIFIED, REJECTED -> true;
            case FAILED ->
                attempt.failure().map(kind -> blame(kind) != Blame.PROVIDER).orElse(true);
            case LOST, YIELDED, DECLINED, CANCELLED -> false;
        };
    }
}
