package io.perigee.protocol.result;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Two runs' leaves, side by side. */
public final class Leaves {
    private Leaves() {}

    /** The first border that both runs have and at which their files differ; empty when they agree wherever both were. */
    public static Optional<Integer> firstDifference(List<SegmentHashes> one, List<SegmentHashes> other) {
        var others = other.stream().collect(Collectors.toMap(SegmentHashes::border, Function.identity()));
        return one.stream()
                .filter(hashes -> others.containsKey(hashes.border()) && !hashes.equals(others.get(hashes.border())))
                .map(SegmentHashes::border)
                .min(Integer::compareTo);
    }
}
