package io.perigee.market.matching;

import java.util.Arrays;

/**
 * The nodes of {@link RateTree}, in one array: a node is a block of longs, first the rates of its entries, then their
 * lots, their levels and their references. An entry of a leaf is an offer; an entry of an inner node sums up a child:
 * the first rate and lot, the maximum of the levels, and the owner when all below belong to one.
 *
 * <p>One array and no objects, because a decision's time is the cache lines it touches.
 */
final class RateNodes {
    /** Entries of a node; with 32 a node is 1 KiB, and a million offers are four nodes deep. */
    static final int WIDTH = 32;

    /** Instead of an owner: more than one. */
    static final int MIXED = -1;

    static final int NONE = -1;

    private static final int LOT = WIDTH;
    private static final int LEVELS = 2 * WIDTH;
    private static final int REFERENCE = 3 * WIDTH;
    private static final int BLOCK = 4 * WIDTH;

    private long[] words = new long[BLOCK];
    private int[] parent = new int[1];
    private byte[] size = new byte[1];
    private byte[] height = new byte[1];
    private int used;
    private int free = NONE;

    int create(int itsHeight) {
        int node = free;
        if (node == NONE) {
            node = used++;
            reserve();
        } else {
            free = parent[node];
        }
        parent[node] = NONE;
        size[node] = 0;
        height[node] = (byte) itsHeight;
        return node;
    }

    void release(int node) {
        parent[node] = free;
        free = node;
    }

    /** Grows by an eighth: twice as much room as is needed would double what an offer costs. */
    private void reserve() {
        if (used > parent.length) {
            int more = used + used / 8;
            words = Arrays.copyOf(words, Math.multiplyExact(more, BLOCK));
            parent = Arrays.copyOf(parent, more);
            size = Arrays.copyOf(size, more);
            height = Arrays.copyOf(height, more);
        }
    }

    long bytes() {
        return 8L * words.length + 6L * parent.length;
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

    int parent(int node) {
        return parent[node];
    }

    void parent(int node, int its) {
        parent[node] = its;
    }

    long rate(int node, int at) {
        return words[node * BLOCK + at];
    }

    long lot(int node, int at) {
        return words[node * BLOCK + LOT + at];
    }

    long levels(int node, int at) {
        return words[node * BLOCK + LEVELS + at];
    }

    /** The slot of an offer, or a child. */
    int child(int node, int at) {
        return (int) words[node * BLOCK + REFERENCE + at];
    }

    /** Or {@link #MIXED}. */
    int owner(int node, int at) {
        return (int) (words[node * BLOCK + REFERENCE + at] >> 32);
    }

    void set(int node, int at, long rate, long lot, long levels, int owner, int child) {
        int base = node * BLOCK + at;
        words[base] = rate;
        words[base + LOT] = lot;
        words[base + LEVELS] = levels;
        words[base + REFERENCE] = (long) owner << 32 | child & 0xffffffffL;
    }

    void levels(int node, int at, long levels) {
        words[node * BLOCK + LEVELS + at] = levels;
    }

    /** Makes room for an entry. */
    void open(int node, int at) {
        int rest = size[node] - at;
        for (int base = node * BLOCK + at, part = 0; part < 4; part++, base += WIDTH) {
            System.arraycopy(words, base, words, base + 1, rest);
        }
        size[node]++;
    }

    /** Takes an entry out. */
    void close(int node, int at) {
        int rest = size[node] - at - 1;
        for (int base = node * BLOCK + at, part = 0; part < 4; part++, base += WIDTH) {
            System.arraycopy(words, base + 1, words, base, rest);
        }
        size[node]--;
    }

    /** Moves the entries of one node from a place on to the end of another. */
    void move(int from, int at, int to) {
        int many = size[from] - at;
        for (int part = 0; part < 4; part++) {
            System.arraycopy(
                    words, from * BLOCK + part * WIDTH + at, words, to * BLOCK + part * WIDTH + size[to], many);
        }
        size[from] = (byte) at;
        size[to] += (byte) many;
    }

    /** The place of a child or a slot. */
    int indexOf(int node, int child) {
        int at = 0;
        while (child(node, at) != child) {
            at++;
        }
        return at;
    }

    /** How many entries of a node come before a rate and a lot. */
    int before(int node, long rate, long lot) {
        int at = 0;
        while (at < size[node] && precedes(node, at, rate, lot)) {
            at++;
        }
        return at;
    }

    private boolean precedes(int node, int at, long rate, long lot) {
        long its = rate(node, at);
        return its < rate || its == rate && Long.compareUnsigned(lot(node, at), lot) < 0;
    }

    long highest(int node) {
        long highest = levels(node, 0);
        for (int at = 1; at < size[node]; at++) {
            highest = Levels.max(highest, levels(node, at));
        }
        return highest;
    }

    int soleOwner(int node) {
        int owner = owner(node, 0);
        for (int at = 1; at < size[node] && owner != MIXED; at++) {
            owner = owner(node, at) == owner ? owner : MIXED;
        }
        return owner;
    }
}
