package io.perigee.market.verification;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds how far a job that ends early can be paid: the last border at which a quorum may agree. */
public final class Prefixes {
    private Prefixes() {}

    /**
     * A replica that can be asked to open a prefix.
     *
     * @param sealed borders it holds the hub's receipts for
     * @param leaves the segments of its widest opening
     * @param openings what it opened, by border; empty while it has opened nothing
     */
    public record Runner(
            int attempt,
            Address owner,
            SortedSet<Integer> sealed,
            List<SegmentHashes> leaves,
            Map<Integer, Opening> openings) {
        public Runner {
            leaves = List.copyOf(leaves);
            openings = Map.copyOf(openings);
        }
    }

    /** The border to open, and by whom. */
    public record Prefix(int border, List<Integer> attempts) {
        public Prefix {
            attempts = List.copyOf(attempts);
        }
    }

    /**
     * The highest border that q distinct owners sealed, and up to which no two of those asked are known to differ. What
     * is still sealed may differ; opening it shows.
     */
    public static Optional<Prefix> highest(List<Runner> runners, int quorum) {
        var borders = new TreeSet<Integer>();
        runners.forEach(runner -> borders.addAll(runner.sealed()));
        return borders.descendingSet().stream()
                .map(border -> at(border, runners, quorum))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Prefix> at(int border, List<Runner> runners, int quorum) {
        var sealed = runners.stream()
                .filter(runner -> runner.sealed().contains(border))
                .toList();
        var unknown =
                sealed.stream().filter(runner -> runner.openings().isEmpty()).toList();
        List<Runner> known = List.of();
        for (var runner : sealed) {
            if (!runner.openings().isEmpty()) {
                var same = sealed.stream()
                        .filter(other -> !other.openings().isEmpty() && agree(runner, other, border))
                        .toList();
                known = same.size() > known.size() ? same : known;
            }
        }
        var asked = new ArrayList<>(known);
        asked.addAll(unknown);
        var owners = asked.stream().map(Runner::owner).distinct().count();
        return owners < quorum
                ? Optional.empty()
                : Optional.of(new Prefix(
                        border, asked.stream().map(Runner::attempt).sorted().toList()));
    }

    private static boolean agree(Runner one, Runner other, int border) {
        var here = one.openings().get(border);
        var there = other.openings().get(border);
        return upTo(one, border).equals(upTo(other, border))
                && (here == null || there == null || here.agreesWith(there));
    }

    private static List<SegmentHashes> upTo(Runner runner, int border) {
        return runner.leaves().stream().filter(leaf -> leaf.border() <= border).toList();
    }
}
