package io.perigee.market.dispute;

import io.perigee.protocol.id.Digest;
import java.util.List;
import java.util.Optional;

/**
 * The short way to the segment in dispute: both open their leaves, and the first that differs starts from a checkpoint
 * both agree on. On chain that is two Merkle proofs a side.
 */
public final class LeafLists {
    private LeafLists() {}

    /**
     * The border of the first leaf that differs; empty when none does.
     *
     * @param fromBorder where both started, from the same checkpoint
     */
    public static Optional<Integer> firstDifference(int fromBorder, List<Digest> one, List<Digest> other) {
        if (one.size() != other.size()) {
            throw new IllegalArgumentException("Expected to compare runs of equal borders, but got %d and %d leaves"
                    .formatted(one.size(), other.size()));
        }
        for (int i = 0; i < one.size(); i++) {
            if (!one.get(i).equals(other.get(i))) {
                return Optional.of(fromBorder + 1 + i);
            }
        }
        return Optional.empty();
    }
}
