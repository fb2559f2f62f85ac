package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.verification.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Until when each state and each attempt may last. */
final class Deadlines {
    private Deadlines() {}

    static Optional<Instant> next(Job job, MarketPolicy policy) {
        return switch (job.state()) {
            case State.Submitted(Instant until) -> Optional.of(until);
            case State.Funded(Instant until) -> Optional.of(until);
            case State.Queued queued -> Optional.of(queue(job, queued, policy));
            case State.Active _ ->
                Stream.concat(
                                job.attempts().stream().flatMap(attempt -> of(job, attempt).stream()),
                                lacking(job, policy).stream())
                        .min(Comparator.naturalOrder());
            case State.Disputed disputed -> Optional.of(dispute(job, disputed, policy));
            case State.Closing closing -> Optional.of(closing.since().plus(policy.closingTimeout()));
            case State.Decided _, State.Settled _ -> Optional.empty();
        };
    }

    /** When an attempt is over by itself; empty when it waits for nothing. */
    static Optional<Instant> of(Job job, Attempt attempt) {
        return switch (attempt.status()) {
            case AttemptStatus.Assigned(Instant acceptBy) -> Optional.of(acceptBy);
            case AttemptStatus.Running _ ->
                Optional.of(Instant.ofEpochSecond(attempt.assignment().leaseUntil()
                        - job.spec().deadlines().upload()));
            case AttemptStatus.Committed committed ->
                Optional.of(committed.since().plusSeconds(job.spec().deadlines().upload()));
            case AttemptStatus.Revealed _, AttemptStatus.Ended _ -> Optional.empty();
        };
    }

    static Instant queue(Job job, State.Queued queued, MarketPolicy policy) {
        return earlier(queued.until(), latestAssignment(job, policy));
    }

    static Instant dispute(Job job, State.Disputed disputed, MarketPolicy policy) {
        return earlier(disputed.since().plusSeconds(job.spec().deadlines().queue()), latestAssignment(job, policy));
    }

    /** Until when a replica that the quorum needs may be missing; empty when none is. */
    static Optional<Instant> lacking(Job job, MarketPolicy policy) {
        if (!(Replicas.verdict(job) instanceof Verdict.More more) || !more.necessary()) {
            return Optional.empty();
        }
        var since = job.attempts().stream()
                .flatMap(attempt ->
                        attempt.status() instanceof AttemptStatus.Ended ended ? Stream.of(ended.at()) : Stream.empty())
                .max(Comparator.naturalOrder())
                .orElse(job.submittedAt());
        return Optional.of(earlier(since.plusSeconds(job.spec().deadlines().queue()), latestAssignment(job, policy)));
    }

    static Instant latestAssignment(Job job, MarketPolicy policy) {
        return Pricing.latestAssignment(job.spec(), job.order().deadline(), policy);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
