package io.perigee.market.matching;

import java.util.Arrays;

/**
 * The nodes of {@link RateTree}, in one array: a node is a block of longs, first its entries' rates and levels side by
 * side, which a search compares, then their lots and references, which it wants of those that do. An entry of a leaf is an
 * offer; an entry of an inner node sums up a child: the first rate and lot, the maximum of the levels, and the owner when
 * all below belong to one. Behind the last entry rates are {@link #END}, so that a search need not know how many there are.
 *
 * <p>One array and no objects, because a decision's time is the cache lines it touches.
 */
final class RateNodes {
    /** Entries of a node; with 32 a node is 1 KiB, and a million offers are four nodes deep. */
    static final int WIDTH = 32;

    /** Instead of an owner: more than one. */
    static final int MIXED = -1;

    static final int NONE = -1;

    /** Instead of a rate, behind the last entry: dearer than all. */
    static final long END = Long.MAX_VALUE;

    /** Entries that {@link #before} looks at. */
    static final int PROBES = 6;

    private static final int PAIR = 2;
    private static final int LEVELS = 1;
    private static final int LOT = PAIR * WIDTH;
    private static final int REFERENCE = LOT + 1;
    private static final int BLOCK = 2 * PAIR * WIDTH;

    private long[] words = new long[BLOCK];
    private int[] parent = new int[1];
    private int[] group = new int[1];
    private byte[] size = new byte[1];
    private byte[] height = new byte[1];
    private boolean[] stale = new boolean[1];
    private int used;
    private int free = NONE;

    int create(int itsGroup, int itsHeight) {
        int node = free;
        if (node == NONE) {
            node = used++;
            reserve();
        } else {
            free = parent[node];
        }
        parent[node] = NONE;
        group[node] = itsGroup;
        size[node] = 0;
        height[node] = (byte) itsHeight;
        end(node, 0);
        return node;
    }

    void release(int node) {
        stale[node] = false;
        parent[node] = free;
        free = node;
    }

    /** Grows by a sixteenth: twice as much room as is needed would double what an offer costs. */
    private void reserve() {
        if (used > parent.length) {
            int more = used + used / 16;
            words = Arrays.copyOf(words, Math.multiplyExact(more, BLOCK));
            parent = Arrays.copyOf(parent, more);
            group = Arrays.copyOf(group, more);
            size = Arrays.copyOf(size, more);
            height = Arrays.copyOf(height, more);
            stale = Arrays.copyOf(stale, more);
        }
    }

    long bytes() {
        return 8L * words.length + 11L * parent.length;
    }

    /** Whether what sums it up may be wrong. */
    boolean isStale(int node) {
        return stale[node];
    }

    void stale(int node, boolean whether) {
        stale[node] = whether;
    }

    int size(int node) {
        return size[node];
    }

    boolean isLeaf(int node) {
        return height[node] == 0;
    }

    int height(int node) {
        return height[node];
    }

    int group(int node) {
        return group[node];
    }

    int parent(int node) {
        return parent[node];
    }

    void parent(int node, int its) {
        parent[node] = its;
    }

    /** Or {@link #END}. */
    long rate(int node, int at) {
        return words[node * BLOCK + PAIR * at];
    }

    long levels(int node, int at) {
        return words[node * BLOCK + PAIR * at + LEVELS];
    }

    long lot(int node, int at) {
        return words[node * BLOCK + LOT + PAIR * at];
    }

    /** The slot of an offer, or a child. */
    int child(int node, int at) {
        return (int) words[node * BLOCK + REFERENCE + PAIR * at];
    }

    /** Or {@link #MIXED}. */
    int owner(int node, int at) {
        return (int) (words[node * BLOCK + REFERENCE + PAIR * at] >> 32);
    }

    void set(int node, int at, long rate, long lot, long levels, int owner, int child) {
        int base = node * BLOCK + PAIR * at;
        words[base] = rate;
        words[base + LEVELS] = levels;
        words[base + LOT] = lot;
        words[base + REFERENCE] = (long) owner << 32 | child & 0xffffffffL;
    }

    void levels(int node, int at, long levels) {
        words[node * BLOCK + PAIR * at + LEVELS] = levels;
    }

    /** Makes room for an entry. */
    void open(int node, int at) {
        copy(node, at, node, at + 1, size[node] - at);
        size[node]++;
    }

    /** Takes an entry out. */
    void close(int node, int at) {
        copy(node, at + 1, node, at, size[node] - at - 1);
        size[node]--;
        words[node * BLOCK + PAIR * size[node]] = END;
    }

    /** Moves the entries of one node from a place on to the end of another. */
    void move(int from, int at, int to) {
        int many = size[from] - at;
        copy(from, at, to, size[to], many);
        size[from] = (byte) at;
        size[to] += (byte) many;
        end(from, at);
    }

    /** Moves the last entries of one node to the beginning of the next. */
    void moveLast(int from, int many, int to) {
        copy(to, 0, to, many, size[to]);
        size[to] += (byte) many;
        size[from] -= (byte) many;
        copy(from, size[from], to, 0, many);
        end(from, size[from]);
    }

    /** Moves the first entries of one node to the end of the one before. */
    void moveFirst(int from, int many, int to) {
        copy(from, 0, to, size[to], many);
        size[to] += (byte) many;
        copy(from, many, from, 0, size[from] - many);
        size[from] -= (byte) many;
        end(from, size[from]);
    }

    private void copy(int from, int at, int to, int place, int many) {
        int source = from * BLOCK + PAIR * at;
        int target = to * BLOCK + PAIR * place;
        System.arraycopy(words, source, words, target, PAIR * many);
        System.arraycopy(words, source + LOT, words, target + LOT, PAIR * many);
    }

    private void end(int node, int from) {
        for (int at = node * BLOCK + PAIR * from; at < node * BLOCK + PAIR * WIDTH; at += PAIR) {
            words[at] = END;
        }
    }

    /** The place of a child or a slot. */
    int indexOf(int node, int child) {
        int at = 0;
        while (child(node, at) != child) {
            at++;
        }
        return at;
    }

    /** How many entries of a node come before a rate and a lot, by {@link #PROBES} halvings. */
    int before(int node, long rate, long lot) {
        int at = 0;
        for (int half = WIDTH / 2; half > 0; half /= 2) {
            if (precedes(node, at + half - 1, rate, lot)) {
                at += half;
            }
        }
        return at + (precedes(node, at, rate, lot) ? 1 : 0);
    }

    private boolean precedes(int node, int at, long rate, long lot) {
        long its = rate(node, at);
        return its < rate || its == rate && Long.compareUnsigned(lot(node, at), lot) < 0;
    }

    /** Two at a time: each maximum waits for the one before. */
    long highest(int node) {
        long even = levels(node, 0);
        long odd = even;
        int at = 1;
        for (; at + 1 < size[node]; at += 2) {
            even = Levels.max(even, levels(node, at));
            odd = Levels.max(odd, levels(node, at + 1));
        }
        return Levels.max(at < size[node] ? Levels.max(even, levels(node, at)) : even, odd);
    }

    int soleOwner(int node) {
        int owner = owner(node, 0);
        for (int at = 1; at < size[node] && owner != MIXED; at++) {
            owner = owner(node, at) == owner ? owner : MIXED;
        }
        return owner;
    }

    /** Says in an entry where its child begins; false when that is no news. */
    boolean begin(int node, int at, int child) {
        int base = node * BLOCK + PAIR * at;
        long rate = rate(child, 0);
        long lot = lot(child, 0);
        if (words[base] == rate && words[base + LOT] == lot) {
            return false;
        }
        words[base] = rate;
        words[base + LOT] = lot;
        return true;
    }

    /** Sums a child up in its entry; false when that is no news. */
    boolean sumUp(int node, int at, int child) {
        int base = node * BLOCK + PAIR * at;
        long levels = highest(child);
        long reference = (long) soleOwner(child) << 32 | child & 0xffffffffL;
        if (words[base + LEVELS] == levels && words[base + REFERENCE] == reference) {
            return false;
        }
        words[base + LEVELS] = levels;
        words[base + REFERENCE] = reference;
        return true;
    }
}
