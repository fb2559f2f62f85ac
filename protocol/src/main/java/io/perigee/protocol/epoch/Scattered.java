package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Digest;
import java.util.List;

/** Lines from anywhere in an epoch, in ascending order, with their proofs one after the other. */
public record Scattered(List<Integer> indices, List<Line> lines, List<Digest> proofs) {
    public Scattered {
        indices = List.copyOf(indices);
        lines = List.copyOf(lines);
        proofs = List.copyOf(proofs);
    }
}
