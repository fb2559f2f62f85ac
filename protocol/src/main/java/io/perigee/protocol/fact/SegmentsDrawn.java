package io.perigee.protocol.fact;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which segments of a sealed run are run again by others.
 *
 * @param attempt whose run is audited
 * @param drawBlock as its receipt names it; 0 when the hub knew no block
 * @param blockHash null when it did not become known in time, and everything is audited
 * @param segments the borders at which the segments to audit end, in order
 */
public record SegmentsDrawn(
        JobId jobId, int attempt, long drawBlock, @Nullable Digest blockHash, List<Integer> segments)
        implements JobFact {
    public SegmentsDrawn {
        segments = List.copyOf(segments);
    }
}
