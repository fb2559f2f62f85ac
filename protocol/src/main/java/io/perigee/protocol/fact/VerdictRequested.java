package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import java.util.List;

/**
 * The hub shows an auditor a provider's run and asks for its verdict. Private to the hub and the auditor until the
 * verdict: readers show only that it happened.
 *
 * @param attempt the auditor's
 * @param commitment the provider's
 * @param opening what the seal of that commitment hides
 * @param segments every border under the opening's root, in order
 */
public record VerdictRequested(
        JobId jobId, int attempt, Commitment commitment, Opening opening, List<SegmentHashes> segments)
        implements JobFact {
    public VerdictRequested {
        segments = List.copyOf(segments);
    }
}
