package io.perigee.protocol.fact;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import java.util.List;

/** The money is where it belongs, after the configured confirmations; the only final fact. */
public record JobSettled(
        JobId jobId, List<String> txHashes, long gasUsed, List<Payout> payouts, Amount refunded, List<Burn> burns)
        implements JobFact {
    public JobSettled {
        txHashes = List.copyOf(txHashes);
        payouts = List.copyOf(payouts);
        burns = List.copyOf(burns);
    }
}
