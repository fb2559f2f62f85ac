package io.perigee.protocol.epoch;

import io.perigee.protocol.id.Digest;
import java.util.List;

/**
 * Lines that stand one after another, shown.
 *
 * @param from the index of the first
 * @param proofs for one line after the other: the siblings on its way to the root, from below
 */
public record Stretch(int from, List<Line> lines, List<Digest> proofs) {
    public Stretch {
        lines = List.copyOf(lines);
        proofs = List.copyOf(proofs);
    }
}
