package io.perigee.market.matching;

import io.perigee.market.matching.Levels.Field;
import java.util.Arrays;

/**
 * For each group, and for each of some bands of reputation, the lowest rate of an offer that is free and of that band or
 * above: a group whose head is dearer than what was found elsewhere need not be entered. A head that a change may have
 * moved is looked up again when it is next asked for.
 *
 * <p>Of a rate the upper half of its bits is kept, its {@link #key}: rounded down it is still a bound. The heads of one
 * band are side by side, because a decision compares those of many groups.
 */
final class Heads {
    /** Of no offer: dearer than all. */
    static final int NONE = Integer.MAX_VALUE;

    private static final int UNKNOWN = -1;
    private static final int BANDS = 64;
    private static final int BAND_LEVELS = (Field.REPUTATION.top() + 1) / BANDS;

    private final RateTree tree;
    private int[] keys = new int[0];
    private int room;
    private long steps;

    Heads(RateTree tree) {
        this.tree = tree;
    }

    /** The band in which levels are. */
    static int band(long levels) {
        return Field.REPUTATION.in(levels) / BAND_LEVELS;
    }

    /** Never above the rate, and ordered as rates are. */
    static int key(long rate) {
        return (int) (rate >>> Integer.SIZE);
    }

    /** The lowest rate that has a key. */
    static long least(int key) {
        return (long) key << Integer.SIZE;
    }

    void addGroup(int group) {
        if (group < room) {
            return;
        }
        int more = group + group / 8 + 16;
        var wider = new int[more * BANDS];
        Arrays.fill(wider, UNKNOWN);
        for (int band = 0; band < BANDS; band++) {
            System.arraycopy(keys, band * room, wider, band * more, room);
        }
        keys = wider;
        room = more;
    }

    long bytes() {
        return 4L * keys.length;
    }

    long steps() {
        return steps;
    }

    /** The key of a lower bound for what a need of this band can find in a group, or {@link #NONE}. */
    int key(int group, int band) {
        int key = keys[band * room + group];
        return key == UNKNOWN ? find(group, band) : key;
    }

    /** Something has another rate, or other levels. */
    void moved(int group, long hadRate, long had, long rate, long levels) {
        boolean same =
                key(hadRate) == key(rate) && band(had) == band(levels) && Levels.isFree(had) == Levels.isFree(levels);
        if (!same) {
            went(group, hadRate, had);
            came(group, rate, levels);
        }
    }

    /** Something that was free has come. In lower bands heads are no dearer: below one that it does not change, it changes none. */
    void came(int group, long rate, long levels) {
        if (!Levels.isFree(levels)) {
            return;
        }
        int key = key(rate);
        for (int at = band(levels) * room + group; at >= 0; at -= room) {
            if (keys[at] > key) {
                keys[at] = key;
            } else if (keys[at] != UNKNOWN) {
                return;
            }
        }
    }

    /** Something that was free has gone. */
    void went(int group, long rate, long levels) {
        if (!Levels.isFree(levels)) {
            return;
        }
        int key = key(rate);
        for (int at = band(levels) * room + group; at >= 0; at -= room) {
            if (keys[at] >= key) {
                keys[at] = UNKNOWN;
            } else if (keys[at] != UNKNOWN) {
                return;
            }
        }
    }

    private int find(int group, int band) {
        int key = find(tree.root(group), Field.FREE.at(1) | Field.REPUTATION.at((long) band * BAND_LEVELS));
        keys[band * room + group] = key;
        return key;
    }

    /** Never in vain: only what is free is summed up, so whoever has the maximum of a node is free. */
    private int find(int root, long floor) {
        var nodes = tree.nodes();
        int node = root;
        while (node != RateNodes.NONE) {
            int left = nodes.free(node, 0);
            while (left != 0 && !Levels.cover(nodes.levels(node, Integer.numberOfTrailingZeros(left)), floor)) {
                steps++;
                left &= left - 1;
            }
            if (left == 0) {
                return NONE;
            }
            steps++;
            int at = Integer.numberOfTrailingZeros(left);
            if (nodes.isLeaf(node)) {
                return key(nodes.rate(node, at));
            }
            node = nodes.child(node, at);
        }
        return NONE;
    }
}
