package io.perigee.market.lifecycle;

import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.pricing.Pricing;
import io.perigee.market.verification.Stretch;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.result.Draw;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives attempts to the providers that matching chose. */
final class Assigning {
    private Assigning() {}

    static Decision place(Draft draft, List<Placement> placements) {
        var wanted =
                draft
                        .job()
                        .alternatives(
                                draft.context().now(),
                                draft.context().policy(),
                                draft.context().secrets())
                        .stream()
                        .anyMatch(request -> request.count() == placements.size() && suits(request, placements));
        if (!wanted) {
            return Draft.rejected(
                    ErrorCode.CONFLICT,
                    "Expected to place what job '%s' wants, but it wants something else by now",
                    draft.id());
        }
        if (draft.job().state() instanceof State.Disputed disputed) {
            draft.record(new JobReopened(
                    draft.id(),
                    "Attempts %s differ at border %d; one more replica decides"
                            .formatted(disputed.attempts(), disputed.border())));
        }
        if (draft.job().state() instanceof State.Auditing) {
            audit(draft, placements);
        } else {
            placements.forEach(placement -> draft.record(assigned(draft, placement)));
        }
        return draft.accepted();
    }

    private static void audit(Draft draft, List<Placement> placements) {
        var deal = AuditWants.options(draft.job(), draft.context().policy()).stream()
                .filter(each -> each.size() == placements.size())
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < deal.size(); i++) {
            draft.record(assigned(draft, placements.get(i), deal.get(i)));
        }
    }

    /** Nobody fits. A job that q owners saw crash, with nobody left to try, is not kept waiting. */
    static Decision nobody(Draft draft, List<NoMatchReason> reasons) {
        var job = draft.job();
        if (Wants.missing(job) == 0) {
            return draft.accepted();
        }
        if (job.state() instanceof State.Active && Replicas.running(job) == 0) {
            var crash = Failures.crash(job, job.quorum());
            if (crash.isPresent()) {
                Verdicts.crashed(draft, crash.get());
                return draft.accepted();
            }
        }
        List<NoMatchReason> before =
                switch (job.state()) {
                    case State.Queued queued -> queued.reasons();
                    case State.Active active -> active.reasons();
                    case State.Disputed disputed -> disputed.reasons();
                    case State.Auditing auditing -> auditing.reasons();
                    case State.Submitted _, State.Funded _, State.Closing _, State.Decided _, State.Settled _ ->
                        List.of();
                };
        var leavesActive = job.state() instanceof State.Active && job.idle();
        return !leavesActive && constraints(before).equals(constraints(reasons))
                ? draft.accepted()
                : draft.record(new JobQueued(draft.id(), reasons)).accepted();
    }

    /** Numbers of offers change all the time; only another set of constraints is news. */
    private static List<String> constraints(List<NoMatchReason> reasons) {
        return reasons.stream().map(NoMatchReason::constraint).sorted().toList();
    }

    private static boolean suits(PlacementRequest wanted, List<Placement> placements) {
        var owners = placements.stream().map(Placement::owner).distinct().count();
        var classes =
                placements.stream().map(Placement::numericClass).distinct().count();
        return owners == placements.size()
                && classes == 1
                && placements.stream()
                        .allMatch(placement -> !wanted.excludedOwners().contains(placement.owner())
                                && wanted.attemptCeiling().covers(placement.price())
                                && placement.sessionKey().owner().equals(placement.owner())
                                && placement.sessionKey().provider().equals(placement.provider()));
    }

    private static JobAssigned assigned(Draft draft, Placement placement) {
        var job = draft.job();
        var orderHash = job.order().digest(draft.context().domain());
        var secret = job.audited()
                ? Draw.commitmentTo(draft.context()
                        .secrets()
                        .secret(orderHash, job.attempts().size()))
                : Digest.ZERO;
        int from = job.doneTo();
        var price = from == 0 ? placement.price() : Pricing.part(job.spec(), placement.price(), from, job.lastBorder());
        var bond = Pricing.bond(price, draft.context().policy());
        return assigned(draft, placement, Role.REPLICA, from, job.lastBorder(), price, bond, secret, job.resumeFrom());
    }

    private static JobAssigned assigned(Draft draft, Placement placement, Stretch stretch) {
        var spec = draft.job().spec();
        int from = stretch.fromBorder();
        int to = stretch.toBorder();
        var price = Pricing.part(spec, placement.price(), from, to);
        var bond = Pricing.auditorBond(spec, placement.price());
        return assigned(
                draft, placement, Role.AUDITOR, from, to, price, bond, Digest.ZERO, Drawing.checkpoint(draft, from));
    }

    private static JobAssigned assigned(
            Draft draft,
            Placement placement,
            Role role,
            int from,
            int to,
            Amount price,
            Amount bond,
            Digest secret,
            @Nullable ContentId resumeFrom) {
        var job = draft.job();
        var context = draft.context();
        var policy = context.policy();
        long issuedAt = Math.max(context.now().getEpochSecond(), job.order().validAfter());
        var assignment = new Assignment(
                job.order().digest(context.domain()),
                job.attempts().size(),
                placement.provider(),
                placement.owner(),
                role,
                from,
                to,
                placement.numericClass(),
                price,
                bond,
                secret,
                issuedAt,
                issuedAt + Pricing.leaseSeconds(job.spec(), policy));
        return new JobAssigned(
                job.id(),
                assignment.attempt(),
                assignment,
                context.signer().sign(assignment, context.domain()),
                placement.sessionKey(),
                placement.sessionKeySignature(),
                context.now().plus(policy.acceptTimeout()),
                resumeFrom);
    }
}
