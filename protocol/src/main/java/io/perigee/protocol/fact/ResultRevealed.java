package io.perigee.protocol.fact;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An opening that matches its seal. Private to the hub until the verdict: readers show only that it happened.
 *
 * @param outputs content id of the uploaded outputs' manifest; null for a prefix
 * @param checkpoint content id of the uploaded checkpoint's manifest; null when there is none
 */
public record ResultRevealed(
        JobId jobId,
        int attempt,
        Opening opening,
        List<SegmentHashes> segments,
        int border,
        @Nullable ContentId outputs,
        @Nullable ContentId checkpoint)
        implements JobFact {
    public ResultRevealed {
        segments = List.copyOf(segments);
    }
}
