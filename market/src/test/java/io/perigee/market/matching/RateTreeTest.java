package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTreeTest {
    private static final int GROUPS = 2;
    private static final int MOST = 6_000;

    private final RateTree tree = new RateTree();
    private final Map<Integer, Entry> entries = new HashMap<>();

    private record Entry(int group, int slot, long rate, long lot, long levels, int owner) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldStayInOrderAndSumUpWhatIsBelowWhateverHappens(long seed) {
        // given
        var random = new Random(seed);
        for (int group = 0; group < GROUPS; group++) {
            tree.addGroup();
        }

        for (int step = 0; step < 60_000; step++) {
            // when it first grows, then shrinks to nothing
            change(random, random.nextInt(MOST), step < 40_000);

            // then
            if (step % 5_000 == 0) {
                check(seed);
            }
        }
        List.copyOf(entries.values()).forEach(this::remove);
        check(seed);
    }

    @Test
    void shouldUseTheNodesOfOffersThatWentAgain() {
        // given
        var random = new Random(1);
        tree.addGroup();
        tree.addGroup();
        for (int step = 0; step < 20_000; step++) {
            change(random, random.nextInt(MOST), true);
        }
        long full = tree.bytes();

        // when every offer changes its rate ten times
        for (int step = 0; step < 10 * MOST; step++) {
            move(random, random.nextInt(MOST));
        }

        // then
        assertThat(tree.bytes()).isLessThan(full * 5 / 4);
    }

    private void change(Random random, int slot, boolean growing) {
        var entry = entries.get(slot);
        if (entry == null) {
            if (growing || random.nextInt(8) == 0) {
                insert(new Entry(
                        random.nextInt(GROUPS), slot, rate(random), random.nextLong(), levels(random), owner(random)));
            }
        } else if (random.nextInt(growing ? 6 : 2) == 0) {
            remove(entry);
        } else {
            move(random, slot);
        }
    }

    private void insert(Entry entry) {
        entries.put(entry.slot(), entry);
        tree.insert(entry.group(), entry.slot(), entry.rate(), entry.lot(), entry.levels(), entry.owner());
    }

    private void remove(Entry entry) {
        entries.remove(entry.slot());
        tree.remove(entry.slot());
    }

    private void move(Random random, int slot) {
        var entry = entries.get(slot);
        if (entry != null) {
            boolean near = random.nextBoolean();
            long rate = near ? Math.max(0, entry.rate() + random.nextInt(5) - 2) : rate(random);
            var moved = new Entry(entry.group(), slot, rate, entry.lot(), levels(random), entry.owner());
            entries.put(slot, moved);
            int leaf = tree.leaf(slot);
            tree.move(leaf, tree.nodes().indexOf(leaf, slot), moved.rate(), moved.levels());
        }
    }

    private static long rate(Random random) {
        return random.nextInt(4) == 0 ? 500 : random.nextInt(1_000);
    }

    private static long levels(Random random) {
        return Levels.Field.FREE.at(random.nextInt(2))
                | Levels.Field.REPUTATION.at(random.nextInt(1_024))
                | Levels.Field.KEY_LIFE.at(random.nextInt(2_048))
                | Levels.Field.GPUS.at(random.nextInt(32));
    }

    private static int owner(Random random) {
        return random.nextInt(3) == 0 ? random.nextInt(1_000) : 7;
    }

    private void check(long seed) {
        tree.sumUp();
        for (int group = 0; group < GROUPS; group++) {
            int its = group;
            var expected = entries.values().stream()
                    .filter(entry -> entry.group() == its)
                    .sorted(Comparator.comparingLong(Entry::rate).thenComparing(Entry::lot, Long::compareUnsigned))
                    .toList();
            var actual = new ArrayList<Entry>();
            if (tree.root(group) != RateNodes.NONE) {
                collect(group, tree.root(group), actual);
            }
            assertThat(actual).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private void collect(int group, int node, List<Entry> into) {
        var nodes = tree.nodes();
        assertThat(nodes.free(node, nodes.size(node))).isZero();
        for (int at = 0; at < nodes.size(node); at++) {
            int child = nodes.child(node, at);
            assertThat((nodes.free(node, 0) & 1 << at) != 0).isEqualTo(Levels.isFree(nodes.levels(node, at)));
            if (nodes.isLeaf(node)) {
                into.add(new Entry(
                        group,
                        child,
                        nodes.rate(node, at),
                        nodes.lot(node, at),
                        nodes.levels(node, at),
                        nodes.owner(node, at)));
            } else {
                int from = into.size();
                collect(group, child, into);
                sumsUp(node, at, into.subList(from, into.size()));
            }
        }
    }

    private void sumsUp(int node, int at, List<Entry> below) {
        var nodes = tree.nodes();
        assertThat(nodes.parent(nodes.child(node, at))).isEqualTo(node);
        assertThat(nodes.rate(node, at)).isEqualTo(below.getFirst().rate());
        assertThat(nodes.lot(node, at)).isEqualTo(below.getFirst().lot());
        assertThat(nodes.levels(node, at))
                .isEqualTo(below.stream()
                        .mapToLong(Entry::levels)
                        .filter(Levels::isFree)
                        .reduce(0, RateTreeTest::larger));
        assertThat(nodes.owner(node, at))
                .isEqualTo(
                        below.stream().map(Entry::owner).distinct().count() == 1
                                ? below.getFirst().owner()
                                : RateNodes.MIXED);
    }

    /** Field by field, the slow way. */
    private static long larger(long a, long b) {
        long larger = 0;
        for (var field : Levels.Field.values()) {
            long mask = field.at(field.top());
            larger |= Long.compareUnsigned(a & mask, b & mask) > 0 ? a & mask : b & mask;
        }
        return larger;
    }
}
