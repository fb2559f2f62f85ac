package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.verification.Verdict;
import java.time.Instant;
import java.util.ArrayList;
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
            case State.Queued queued -> first(job, Optional.of(queue(job, queued, policy)));
            case State.Active _ -> first(job, lacking(job, policy));
            case State.Auditing auditing -> Optional.of(auditing(job, auditing, policy));
            case State.Disputed disputed -> first(job, Optional.of(dispute(job, disputed, policy)));
            case State.Closing closing -> Optional.of(closing(job, closing, policy));
            case State.Decided _, State.Settled _ -> Optional.empty();
        };
    }

    /** The earliest of the job's own and of those that its attempts have, auditors of a run that is out among them. */
    private static Optional<Instant> first(Job job, Optional<Instant> own) {
        return Stream.concat(job.attempts().stream().flatMap(attempt -> of(job, attempt).stream()), own.stream())
                .min(Comparator.naturalOrder());
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

    /** The earliest of all that an audit may wait for; it always waits for something. */
    private static Instant auditing(Job job, State.Auditing auditing, MarketPolicy policy) {
        var instants = new ArrayList<Instant>();
        job.attempts().forEach(attempt -> of(job, attempt).ifPresent(instants::add));
        auditing.audit()
                .ifPresentOrElse(
                        file -> {
                            Drawing.unserved(file)
                                    .forEach(border -> instants.add(file.asked().get(border)));
                            file.verdictsDue().forEach((number, by) -> {
                                if (!file.verdicts().containsKey(number)
                                        && !job.attempt(number).ended()) {
                                    instants.add(by);
                                }
                            });
                            lackingAuditor(job, auditing, file, policy).ifPresent(instants::add);
                        },
                        () -> instants.add(draw(job, auditing, policy)));
        return instants.stream()
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new IllegalStateException(
                        "Expected the audit of job '%s' to wait for something, but it does not".formatted(job.id())));
    }

    /**
     * Until when the block that draws may stay unknown. To audit everything is more than most orders can pay, so as long
     * as an audit still fits before the order's deadline, its number is waited for: a node that is away comes back.
     */
    static Instant draw(Job job, State.Auditing auditing, MarketPolicy policy) {
        var least = auditing.since().plus(policy.drawTimeout());
        var latest = Pricing.latestDraw(job.spec(), job.order().deadline(), policy);
        return least.isAfter(latest) ? least : latest;
    }

    /**
     * Until when an auditor may be missing; empty when none is. A run that is done is not given up because others are busy:
     * as long as an audit still fits, it is waited for. A part is waited for as long as the queue is, since a job goes on
     * after it in any case, if a run can still be assigned then.
     */
    static Optional<Instant> lackingAuditor(Job job, State.Auditing auditing, AuditFile file, MarketPolicy policy) {
        if (AuditWants.missing(job) == 0) {
            return Optional.empty();
        }
        var queue = lackingSince(job, file).plusSeconds(job.spec().deadlines().queue());
        return Optional.of(mayGoOn(job, auditing, queue, policy) ? queue : latestAssignment(job, policy));
    }

    /** Whether a part that is audited may have a rest: its job is not ending, and a run may be assigned at that time. */
    static boolean mayGoOn(Job job, State.Auditing auditing, Instant at, MarketPolicy policy) {
        return auditing.goesOn()
                && auditing.early().isEmpty()
                && !at.isAfter(Pricing.latestAssignment(job.spec(), job.order().deadline(), policy));
    }

    /** Since when auditors are missing that are missing now. */
    static Instant lackingSince(Job job, AuditFile file) {
        return job.attempts().stream()
                .flatMap(attempt ->
                        attempt.status() instanceof AttemptStatus.Ended ended ? Stream.of(ended.at()) : Stream.empty())
                .reduce(file.at(), (one, other) -> one.isAfter(other) ? one : other);
    }

    /**
     * Until when an early end waits for openings. The part's checkpoint is to be uploaded with it, which takes as long as any
     * upload; but no longer than a run may take, which is what the order has time for.
     */
    static Instant closing(Job job, State.Closing closing, MarketPolicy policy) {
        var least = closing.since().plus(policy.closingTimeout());
        if (job.lastBorder() == 0) {
            return least;
        }
        var lease = closing.asked().stream()
                .map(number ->
                        Instant.ofEpochSecond(job.attempt(number).assignment().leaseUntil()))
                .max(Comparator.naturalOrder())
                .orElse(least);
        var own = earlier(least.plusSeconds(job.spec().deadlines().upload()), lease);
        return least.isAfter(own) ? least : own;
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
        return job.state() instanceof State.Auditing
                ? Pricing.latestLease(job.spec(), job.order().deadline(), policy)
                : Pricing.latestAssignment(job.spec(), job.order().deadline(), policy);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
