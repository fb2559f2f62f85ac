package io.perigee.market.lifecycle;

import io.perigee.market.MarketPolicy;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.payout.Payouts;
import io.perigee.market.pricing.AuditDeal;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.verification.Stretch;
import io.perigee.market.verification.Verdict;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.result.Draw;
import io.perigee.protocol.result.RunEvidence;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a job asks of matching. */
final class Wants {
    private Wants() {}

    static List<PlacementRequest> of(Job job, Instant now, MarketPolicy policy, HubSecrets secrets) {
        if (now.isAfter(Deadlines.latestAssignment(job, policy))) {
            return List.of();
        }
        if (job.state() instanceof State.Auditing auditing) {
            var options = AuditWants.options(job, policy);
            return options.stream()
                    .map(deal -> auditors(job, auditing, deal, now, policy, secrets))
                    .map(request -> request.count() == options.getLast().size() ? request : undecided(job, request))
                    .toList();
        }
        int count = missing(job);
        if (count == 0 || job.used() + count > policy.maxAttempts()) {
            return List.of();
        }
        // a friend that comes next says what a silent one said
        var accuser = Failures.accuser(job).or(() -> Failures.silent(job));
        var selection = job.state() instanceof State.Disputed || accuser.isPresent()
                ? PlacementRequest.Selection.BY_STAKE
                : PlacementRequest.Selection.CHEAPEST;
        // whoever speaks against a job must not know who is asked next, nor be it by asking least
        var seed = accuser.map(attempt -> Draw.runs(
                        Drawing.secret(attempt, secrets), job.attempts().size()))
                .orElseGet(() -> seed(job));
        if (job.audited()) {
            return AuditDeal.of(job.spec()).stream()
                    .map(deal -> standingBy(
                            job,
                            deal,
                            run(
                                    job,
                                    count,
                                    selection,
                                    deal.budget().runCeiling(job.spec().price().max()),
                                    now,
                                    policy,
                                    seed)))
                    .toList();
        }
        return List.of(run(job, count, selection, Pricing.attemptCeiling(job.spec()), now, policy, seed));
    }

    private static PlacementRequest run(
            Job job,
            int count,
            PlacementRequest.Selection selection,
            Amount ceiling,
            Instant now,
            MarketPolicy policy,
            Digest seed) {
        return request(job, count, selection, ceiling, policy.bondPercent(), now, policy, seed);
    }

    /**
     * A run that nobody could audit, or that the maximum could not pay the audit of, would be worked for nothing. Auditors of
     * a run that fell are there already: what they have said counts for the next one, too.
     */
    private static PlacementRequest standingBy(Job job, AuditDeal deal, PlacementRequest request) {
        int there = (int) job.open().filter(Attempt::audits).count();
        int lacking = deal.owners() - there;
        return lacking > 0
                ? request.standby(new PlacementRequest.Standby(lacking, Pricing.auditorBondPercent(job.spec())))
                : request;
    }

    /**
     * An audit that takes more owners than it must leaves as many as a difference may need: else one that lies about one
     * segment could not be outvoted, and the honest would go unpaid.
     */
    private static PlacementRequest undecided(Job job, PlacementRequest request) {
        int decide = job.quorum() - 1;
        return decide == 0
                ? request
                : request.standby(new PlacementRequest.Standby(decide, Pricing.auditorBondPercent(job.spec())));
    }

    /** Auditors are drawn by stake: the cheapest cheater must not choose who looks at it. */
    private static PlacementRequest auditors(
            Job job,
            State.Auditing auditing,
            List<Stretch> deal,
            Instant now,
            MarketPolicy policy,
            HubSecrets secrets) {
        int segments = deal.stream().mapToInt(Stretch::length).sum();
        // a part is rounded up, for each auditor once
        var rounding = Amount.of(deal.size());
        var left = left(job);
        if (Deadlines.mayGoOn(job, auditing, now, policy)) {
            // a part must not eat up what the rest and its audit may cost
            var rest = Pricing.rest(job.spec(), auditing.border());
            left = left.covers(rest) ? left.minus(rest) : Amount.ZERO;
        }
        left = left.covers(rounding) ? left.minus(rounding) : Amount.ZERO;
        var affordable = left.mulDivFloor(job.lastBorder(), segments);
        var ceiling = Pricing.attemptCeiling(job.spec());
        return request(
                job,
                deal.size(),
                PlacementRequest.Selection.BY_STAKE,
                ceiling.covers(affordable) ? affordable : ceiling,
                Pricing.auditorBondPercent(job.spec()),
                now,
                policy,
                Draw.auditors(
                        Drawing.seed(job, auditing, secrets), job.attempts().size()));
    }

    /** What of the order's maximum is not promised to anybody. */
    static Amount left(Job job) {
        var parts = job.parts().stream()
                .map(part -> Payouts.plan(job.order(), part.payable()).paid());
        return Stream.concat(parts, job.open().map(attempt -> promised(job, attempt)))
                .reduce(
                        job.order().maxPayment(),
                        (left, price) -> left.covers(price) ? left.minus(price) : Amount.ZERO);
    }

    /** Its price; of a run that was given up, its part's. */
    private static Amount promised(Job job, Attempt attempt) {
        return job.state() instanceof State.Auditing auditing && auditing.goesOn() && auditing.run() == attempt.number()
                ? attempt.assignment().earnedAt(auditing.border())
                : attempt.assignment().price();
    }

    private static PlacementRequest request(
            Job job,
            int count,
            PlacementRequest.Selection selection,
            Amount ceiling,
            int bondPercent,
            Instant now,
            MarketPolicy policy,
            Digest seed) {
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
                seed);
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
            // who may yet be shown as wrong cannot stand on both sides of one decision
            if (!attempt.ended()
                    || Failures.excludes(attempt)
                    || Convictions.mayBurn(job, attempt)
                    || tried >= policy.attemptsPerOwner()) {
                excluded.add(attempt.owner());
            }
        }
        return excluded;
    }

    /**
     * Replicas of one job stay in one class, and so does who goes on from what another left; only while nothing counts is
     * the class open.
     */
    private static ClassDemand demand(Job job) {
        return Stream.concat(
                        job.parts().stream().flatMap(part -> part.payable().winners().stream()
                                .map(RunEvidence::assignment)),
                        job.open().map(Attempt::assignment))
                .findFirst()
                .map(Assignment::numericClass)
                .<ClassDemand>map(numericClass ->
                        numericClass.isZero() ? new ClassDemand.Unclassed() : new ClassDemand.Fixed(numericClass))
                .orElseGet(() -> WorkKinds.of(job.spec()).classDemand(job.spec()));
    }

    /**
     * The seed of the next choice of a run: the order, the next attempt's number and the salts of everything opened so far.
     * Replicas are chosen by stake only where two owners' answers differ, and neither knows the other's salt before the
     * verdict: nobody who split a job can compute who will decide it; afterwards everybody can. Where one provider runs,
     * it knows all the salts, so auditors are drawn with what it does not know.
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
