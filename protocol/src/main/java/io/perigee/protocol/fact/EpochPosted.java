package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.List;

/**
 * The job's epoch is on the chain, after the configured confirmations. What it pays is credited when it is final.
 *
 * @param payouts what its lines say
 * @param finalAt when it is final unless somebody demands a line; W later then
 */
public record EpochPosted(JobId jobId, int epoch, String txHash, long block, List<Payout> payouts, Instant finalAt)
        implements JobFact {
    public EpochPosted {
        payouts = List.copyOf(payouts);
    }
}
