package io.perigee.market.matching;

import io.perigee.market.matching.Levels.Field;
import java.util.Arrays;

/**
 * For each group, and for each of some bands of reputation, the lowest rate of an offer that is free and of that band or
 * above: a group whose head is dearer than what was found elsewhere need not be entered. A head that a change may have
 * moved is looked up again when it is next asked for.
 */
final class Heads {
    /** Of no offer: dearer than all. */
    static final long NONE = Long.MAX_VALUE;

    private static final long UNKNOWN = -1;
    private static final int BANDS = 32;
    private static final int BAND_LEVELS = (Field.REPUTATION.top() + 1) / BANDS;

    private final RateTree tree;
    private long[] rates = new long[0];
    private long steps;

    Heads(RateTree tree) {
        this.tree = tree;
    }

    /** The band in which levels are. */
    static int band(long levels) {
        return Field.REPUTATION.in(levels) / BAND_LEVELS;
    }

    void addGroup(int group) {
        int from = rates.length;
        if (from < (group + 1) * BANDS) {
            rates = Arrays.copyOf(rates, (group + group / 8 + 1) * BANDS);
            Arrays.fill(rates, from, rates.length, UNKNOWN);
        }
    }

    long bytes() {
        return 8L * rates.length;
    }

    long steps() {
        return steps;
    }

    /** A lower bound for what a need of this band can find in a group, or {@link #NONE}. */
    long rate(int group, int band) {
        int at = group * BANDS + band;
        if (rates[at] == UNKNOWN) {
            rates[at] = find(tree.root(group), Field.FREE.at(1) | Field.REPUTATION.at((long) band * BAND_LEVELS));
        }
        return rates[at];
    }

    /** Something of this rate, with such levels before or after, came, went or changed. */
    void changed(int group, long rate, long levels) {
        int first = group * BANDS;
        for (int at = first + band(levels); at >= first; at--) {
            if (rates[at] >= rate) {
                rates[at] = UNKNOWN;
            }
        }
    }

    /** Never in vain: what is busy has no reputation, so whoever has the maximum of a node is free. */
    private long find(int root, long floor) {
        var nodes = tree.nodes();
        int node = root;
        while (node != RateNodes.NONE) {
            int at = 0;
            while (at < nodes.size(node) && !Levels.cover(nodes.levels(node, at), floor)) {
                at++;
            }
            steps += at + 1;
            if (at == nodes.size(node)) {
                return NONE;
            }
            if (nodes.isLeaf(node)) {
                return nodes.rate(node, at);
            }
            node = nodes.child(node, at);
        }
        return NONE;
    }
}
