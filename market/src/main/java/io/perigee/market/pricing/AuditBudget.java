package io.perigee.market.pricing;

import io.perigee.market.reputation.Reputation;
import io.perigee.market.verification.AuditDepth;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.spec.JobSpec;
import java.util.Optional;

/**
 * What an audited order pays for, in segments, whoever runs them: one run, and two audits with a difference each, which
 * is what it takes when the first provider is found wrong and the second is not.
 *
 * @param segments of one run
 * @param audited the most that auditors are paid for
 */
public record AuditBudget(int segments, int audited) {
    /** Runs whose audit the maximum covers: one that falls, one that holds. */
    private static final int AUDITS = 2;

    /** With an owner for each drawn segment. Empty where the policy audits nothing. */
    public static Optional<AuditBudget> of(JobSpec spec) {
        int drawn = drawn(spec);
        return drawn == 0 ? Optional.empty() : Optional.of(of(spec, drawn));
    }

    /** @param run of the segments of a run, so many are run again by each of q − 1 owners */
    static AuditBudget of(JobSpec spec, int run) {
        int quorum = spec.verification().quorum();
        return new AuditBudget(spec.borders(), AUDITS * (Math.max(quorum, run * (quorum - 1)) + quorum));
    }

    /** Segments of a run from a border on, and of its audit. */
    static int rest(JobSpec spec, int fromBorder) {
        int segments = spec.borders() - fromBorder;
        int quorum = spec.verification().quorum();
        int drawn = Math.min(segments, AuditDepth.of(spec.verification().policy(), segments, spec.borders(), 0) + 1);
        return segments + Math.max(quorum, drawn * (quorum - 1));
    }

    /** The most that can be drawn, and the last segment, which the outputs come from. */
    static int drawn(JobSpec spec) {
        int segments = spec.borders();
        // who may run it has shown at least so much, or it is asked of a newcomer as of anybody
        int verified = Reputation.leastVerified(spec.placement().minReputation());
        int drawn = AuditDepth.of(spec.verification().policy(), segments, verified);
        return drawn == 0 ? 0 : Math.min(segments, drawn + 1);
    }

    /** What covers it all at the price of one whole run. */
    Amount maximum(Amount runPrice) {
        return runPrice.mulDivCeil(segments + (long) audited, segments);
    }

    /** The most a whole run may cost under a maximum; a part of it, so much less. */
    public Amount runCeiling(Amount maximum) {
        return maximum.mulDivFloor(segments, segments + (long) audited);
    }
}
