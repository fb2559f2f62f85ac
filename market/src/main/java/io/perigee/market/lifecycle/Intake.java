package io.perigee.market.lifecycle;

import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.SpecRules;
import java.util.Optional;

/** The first look at a job. Intake has checked it all; the hub's key signs nothing on another process's word alone. */
public final class Intake {
    private Intake() {}

    static Decision submitted(JobSubmitted submitted, Context context) {
        var draft = Draft.begin(submitted, context);
        objection(submitted, context)
                .ifPresent(detail ->
                        draft.record(new JobFailed(draft.id(), Cause.INVALID_ORDER, detail, Payable.nothing())));
        return draft.accepted();
    }

    /** What is wrong with an order for this hub and spec, in one sentence; empty when nothing is. */
    public static Optional<String> objection(JobSubmitted submitted, Context context) {
        var order = submitted.order();
        var spec = submitted.spec();
        var policy = context.policy();
        var faults = SpecRules.check(spec);
        if (!faults.isEmpty()) {
            var first = faults.getFirst();
            return objection("Expected %s to be %s, but got '%s'", first.path(), first.expected(), first.actual());
        }
        if (!order.hub().equals(context.hub())) {
            return objection("Expected an order for hub '%s', but it names '%s'", context.hub(), order.hub());
        }
        if (!order.jobId().equals(submitted.jobId())) {
            return objection("Expected an order for job '%s', but it names '%s'", submitted.jobId(), order.jobId());
        }
        var specHash = SpecHash.of(spec);
        if (!order.specHash().equals(specHash) || !submitted.specHash().equals(specHash)) {
            return objection("Expected the order to name spec '%s', but it names '%s'", specHash, order.specHash());
        }
        if (!order.maxPayment().equals(spec.price().max())) {
            return objection(
                    "Expected a maximum of %s, but the order says %s",
                    spec.price().max(), order.maxPayment());
        }
        if (order.segments() != spec.borders()) {
            return objection("Expected %d borders, but the order says %d", spec.borders(), order.segments());
        }
        if (order.quorum() != spec.verification().quorum()) {
            return objection(
                    "Expected a quorum of %d, but the order says %d",
                    spec.verification().quorum(), order.quorum());
        }
        if (order.deadline() - order.validAfter() > policy.maxOrderSeconds()) {
            return objection(
                    "Expected an order of at most %d s, but it lives %d s",
                    policy.maxOrderSeconds(), order.deadline() - order.validAfter());
        }
        if (context.now().isAfter(Pricing.latestAssignment(spec, order.deadline(), policy))) {
            return objection(
                    "Expected the order to outlive one run by W, but it ends at %d and a run, its audit and W take %d s",
                    order.deadline(), Pricing.leastOrderSeconds(spec, policy));
        }
        if (!Signatures.isBy(order.builder(), order.digest(context.domain()), submitted.orderSignature())) {
            return objection("Expected the order to be signed by builder '%s', but it is not", order.builder());
        }
        return Optional.empty();
    }

    private static Optional<String> objection(String detail, Object... values) {
        return Optional.of(detail.formatted(values));
    }
}
