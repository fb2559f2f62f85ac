package io.perigee.protocol.command;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The provider opens its seal of a border.
 *
 * @param outputs content id of the uploaded outputs' manifest; null for a prefix
 * @param checkpoint content id of the uploaded checkpoint's manifest; null when there is none
 */
public record RevealResult(
        JobId jobId,
        Digest assignmentHash,
        int border,
        Opening opening,
        List<SegmentHashes> segments,
        @Nullable ContentId outputs,
        @Nullable ContentId checkpoint)
        implements Command {
    public RevealResult {
        segments = List.copyOf(segments);
    }
}
