package io.perigee.protocol.result;

import io.perigee.protocol.id.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the audited segments were drawn, so that anybody can draw them again.
 *
 * @param blockHash of the block that the winner's receipt names; null when it never became known, and all was audited
 * @param secret of the hub, which the winner's assignment commits to
 * @param segments the borders at which the drawn segments end, in order
 */
public record DrawEvidence(@Nullable Digest blockHash, Digest secret, List<Integer> segments) {
    public DrawEvidence {
        segments = List.copyOf(segments);
    }
}
