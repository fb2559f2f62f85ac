package io.perigee.protocol.rest;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.spec.JobSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job, resolved and priced.
 *
 * @param order the order to sign: as it is, or {@link #direct} of it
 * @param replicas that run at first; one where the policy audits
 * @param maximum what can be spent at most: (2q−1) prices, or one run and two audits with a difference each
 * @param estimate null where the base or the trainer is not known well enough to say
 * @param warnings what the builder should know before signing
 */
public record Quote(
        JobSpec spec,
        Digest specHash,
        int borders,
        long units,
        int replicas,
        int quorum,
        Amount pricePerReplica,
        Amount maximum,
        JobOrder order,
        List<Candidate> candidates,
        @Nullable Estimate estimate,
        List<String> warnings,
        Instant validUntil) {
    public Quote {
        candidates = List.copyOf(candidates);
        warnings = List.copyOf(warnings);
    }

    /** The same, with an order that is settled by itself instead of by epoch. */
    public Quote direct() {
        return new Quote(
                spec,
                specHash,
                borders,
                units,
                replicas,
                quorum,
                pricePerReplica,
                maximum,
                order.settled(true),
                candidates,
                estimate,
                warnings,
                validUntil);
    }
}
