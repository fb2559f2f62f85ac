package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.List;

/** The contract checked the evidence and reserved the credits, which mature at the given instant. */
public record CreditsReserved(
        JobId jobId, String txHash, long block, long gasUsed, List<Payout> payouts, Instant maturesAt)
        implements JobFact {
    public CreditsReserved {
        payouts = List.copyOf(payouts);
    }
}
