package io.perigee.market.pricing;

import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.Candidate;
import io.perigee.protocol.rest.Estimate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A spec, priced against the offers of one moment.
 *
 * @param units trained tokens; 0 for work that is not counted in tokens
 * @param replicas that run at first; one where the policy audits
 * @param quorum q: how many owners must agree
 * @param pricePerReplica the dearest of the cheapest feasible set; the ceiling when nothing fits
 * @param maximum (2q−1) prices, or one run and its audits: the least {@code price.max} with which the job would be placed now
 * @param orderSeconds how long the order should live from its {@code validAfter}
 * @param candidates offers that fit, cheapest first
 * @param estimate what one run needs; null where nobody knows
 * @param reasons why offers did not fit; empty when the job could be placed now
 * @param warnings what the builder should know before signing
 */
public record PriceQuote(
        int borders,
        long units,
        int replicas,
        int quorum,
        Amount pricePerReplica,
        Amount maximum,
        long orderSeconds,
        List<Candidate> candidates,
        @Nullable Estimate estimate,
        List<NoMatchReason> reasons,
        List<String> warnings) {
    public PriceQuote {
        candidates = List.copyOf(candidates);
        reasons = List.copyOf(reasons);
        warnings = List.copyOf(warnings);
    }
}
