package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.verification.Stretch;
import io.perigee.market.verification.Verdict;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a job asks of matching. */
final class Wants {
    private Wants() {}

    static List<PlacementRequest> of(Job job, Instant now, MarketPolicy policy) {
        if (now.isAfter(Deadlines.latestAssignment(job, policy))) {
            return List.of();
        }
        if (job.state() instanceof State.Auditing) {
            return AuditWants.options(job, policy).stream()
                    .map(deal -> auditors(job, deal, now, policy))
                    .toList();
        }
        int count = missing(job);
        if (count == 0 || job.attempts().size() + count > policy.maxAttempts()) {
            return List.of();
        }
        var selection = job.state() instanceof State.Disputed
                ? PlacementRequest.Selection.BY_STAKE
                : PlacementRequest.Selection.CHEAPEST;
        return List.of(
                request(job, count, selection, Pricing.attemptCeiling(job.spec()), policy.bondPercent(), now, policy));
    }

    /** Auditors are drawn by stake: the cheapest cheater must not choose who looks at it. */
    private static PlacementRequest auditors(Job job, List<Stretch> deal, Instant now, MarketPolicy policy) {
        int segments = deal.stream().mapToInt(Stretch::length).sum();
        var left = left(job)
                .minus(Amount.of(Math.min(deal.size(), left(job).value().longValue())));
        var affordable = left.mulDivFloor(job.lastBorder(), segments);
        var ceiling = Pricing.attemptCeiling(job.spec());
        return request(
                job,
                deal.size(),
                PlacementRequest.Selection.BY_STAKE,
                ceiling.covers(affordable) ? affordable : ceiling,
                Pricing.auditorBondPercent(job.spec()),
                now,
                policy);
    }

    /** What of the order's maximum is not promised to anybody. */
    static Amount left(Job job) {
        return job.open()
                .map(attempt -> attempt.assignment().price())
                .reduce(
                        job.order().maxPayment(),
                        (left, price) -> left.covers(price) ? left.minus(price) : Amount.ZERO);
    }

    private static PlacementRequest request(
            Job job,
            int count,
            PlacementRequest.Selection selection,
            Amount ceiling,
            int bondPercent,
            Instant now,
            MarketPolicy policy) {
        return new PlacementRequest(
                count,
                excluded(job, policy),
                demand(job),
                RunEstimate.of(job.base(), job.spec()).orElse(null),
                selection,
                ceiling,
                bondPercent,
                now,
                now.plusSeconds(Pricing.leaseSeconds(job.spec(), policy)),
                seed(job));
    }

    /** How many replicas are missing, whether or not they could still be placed. */
    static int missing(Job job) {
        return switch (job.state()) {
            case State.Funded _, State.Queued _, State.Active _, State.Disputed _ ->
                switch (Replicas.verdict(job)) {
                    case Verdict.More(int more, boolean _) -> more;
                    case Verdict.Split _ -> 1;
                    case Verdict.Agreed _, Verdict.Await _, Verdict.Hopeless _ -> 0;
                };
            case State.Auditing _ -> AuditWants.missing(job);
            case State.Submitted _, State.Closing _, State.Decided _, State.Settled _ -> 0;
        };
    }

    static Set<Address> excluded(Job job, MarketPolicy policy) {
        Set<Address> excluded = new HashSet<>(job.spec().placement().excludeOwners());
        excluded.add(job.order().builder());
        for (var attempt : job.attempts()) {
            var tried = job.attempts().stream()
                    .filter(other -> other.owner().equals(attempt.owner()))
                    .count();
            if (!attempt.ended() || Failures.excludes(attempt) || tried >= policy.attemptsPerOwner()) {
                excluded.add(attempt.owner());
            }
        }
        return excluded;
    }

    /** Replicas of one job stay in one class; only while none counts is the class open. */
    private static ClassDemand demand(Job job) {
        return job.open()
                .findFirst()
                .map(attempt -> attempt.assignment().numericClass())
                .<ClassDemand>map(numericClass ->
                        numericClass.isZero() ? new ClassDemand.Unclassed() : new ClassDemand.Fixed(numericClass))
                .orElseGet(() -> WorkKinds.of(job.spec()).classDemand(job.spec()));
    }

    /**
     * The seed of the next choice: the order, the next attempt's number and the salts of everything opened so far. The
     * salts are secret until the verdict, so nobody who split a job can compute who will decide it; afterwards everybody
     * can.
     */
    private static Digest seed(Job job) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(job.order().structHash().bytes());
        bytes.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(job.attempts().size()).array());
        job.attempts().stream()
                .flatMap(attempt -> attempt.done().stream())
                .flatMap(work -> work.openings().stream())
                .forEach(opened -> bytes.writeBytes(opened.opening().salt().bytes()));
        return Keccak256.hash(bytes.toByteArray());
    }
}
