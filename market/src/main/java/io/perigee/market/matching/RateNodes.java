package io.perigee.market.matching;

import java.util.Arrays;

/**
 * The nodes of {@link RateTree}, in one array: a node is a block of longs, first its entries' rates and levels side by
 * side, which a search compares, then their lots, which it wants of few; and a block of ints, first whom they refer to,
 * which a change looks for, then their owners. An entry of a leaf is an
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

    /** Instead of a height. */
    private static final byte RELEASED = -1;

    private static final int PAIR = 2;
    private static final int LEVELS = 1;
    private static final int LOT = PAIR * WIDTH;
    private static final int BLOCK = LOT + WIDTH;
    private static final int OWNER = WIDTH;
    private static final int REFERENCES = 2 * WIDTH;

    private long[] words = new long[BLOCK];
    private int[] references = new int[REFERENCES];
    private int[] parent = new int[1];
    private int[] group = new int[1];
    private byte[] size = new byte[1];
    private byte[] height = new byte[1];
    private boolean[] stale = new boolean[1];
    /** A bit for each entry of a node that is free, or has something free below it. */
    private int[] free = new int[1];

    private int used;
    /** The first of the nodes that are to be used again. */
    private int released = NONE;

    int create(int itsGroup, int itsHeight) {
        int node = released;
        if (node == NONE) {
            node = used++;
            reserve();
        } else {
            released = parent[node];
        }
        parent[node] = NONE;
        group[node] = itsGroup;
        size[node] = 0;
        height[node] = (byte) itsHeight;
        free[node] = 0;
        end(node, 0);
        return node;
    }

    /** Whether it is stale stays as it is, so that a node is noted once however often it is used again before it is summed up. */
    void release(int node) {
        height[node] = RELEASED;
        parent[node] = released;
        released = node;
    }

    /** Grows by a sixteenth: twice as much room as is needed would double what an offer costs. */
    private void reserve() {
        if (used > parent.length) {
            int more = used + used / 16;
            words = Arrays.copyOf(words, Math.multiplyExact(more, BLOCK));
            references = Arrays.copyOf(references, more * REFERENCES);
            parent = Arrays.copyOf(parent, more);
            group = Arrays.copyOf(group, more);
            size = Arrays.copyOf(size, more);
            height = Arrays.copyOf(height, more);
            stale = Arrays.copyOf(stale, more);
            free = Arrays.copyOf(free, more);
        }
    }

    long bytes() {
        return 8L * words.length + 4L * references.length + 15L * parent.length;
    }

    boolean isReleased(int node) {
        return height[node] == RELEASED;
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

    /** Entries from a place on at or below which something is free, a bit each; the place may be behind the last. */
    int free(int node, int from) {
        return free[node] & (int) (-1L << from);
    }

    long levels(int node, int at) {
        return words[node * BLOCK + PAIR * at + LEVELS];
    }

    long lot(int node, int at) {
        return words[node * BLOCK + LOT + at];
    }

    /** The slot of an offer, or a child. */
    int child(int node, int at) {
        return references[node * REFERENCES + at];
    }

    /** Or {@link #MIXED}. */
    int owner(int node, int at) {
        return references[node * REFERENCES + OWNER + at];
    }

    void set(int node, int at, long rate, long lot, long levels, int owner, int child) {
        int base = node * BLOCK + PAIR * at;
        words[base] = rate;
        words[base + LEVELS] = levels;
        words[node * BLOCK + LOT + at] = lot;
        references[node * REFERENCES + at] = child;
        references[node * REFERENCES + OWNER + at] = owner;
        mark(node, at, levels);
    }

    void levels(int node, int at, long levels) {
        words[node * BLOCK + PAIR * at + LEVELS] = levels;
        mark(node, at, levels);
    }

    private void mark(int node, int at, long levels) {
        int bit = 1 << at;
        free[node] = Levels.isFree(levels) ? free[node] | bit : free[node] & ~bit;
    }

    /** Makes room for an entry. */
    void open(int node, int at) {
        copy(node, at, node, at + 1, size[node] - at);
        size[node]++;
        int bits = free[node];
        free[node] = first(bits, at) | up(rest(bits, at), at + 1);
    }

    /** Takes an entry out. */
    void close(int node, int at) {
        copy(node, at + 1, node, at, size[node] - at - 1);
        size[node]--;
        words[node * BLOCK + PAIR * size[node]] = END;
        int bits = free[node];
        free[node] = first(bits, at) | up(rest(bits, at + 1), at);
    }

    /** Takes an entry out and makes room for it at another place; only what is between the two moves. */
    void shift(int node, int at, int to) {
        int bits = free[node];
        if (to > at) {
            copy(node, at + 1, node, at, to - at);
            int between = first(rest(bits, at + 1), to - at);
            free[node] = first(bits, at) | up(between, at) | up(rest(bits, to + 1), to + 1);
        } else if (to < at) {
            copy(node, to, node, to + 1, at - to);
            int between = first(rest(bits, to), at - to);
            free[node] = first(bits, to) | up(between, to + 1) | up(rest(bits, at + 1), at + 1);
        }
    }

    /** Moves the entries of one node from a place on to the end of another. */
    void move(int from, int at, int to) {
        int many = size[from] - at;
        copy(from, at, to, size[to], many);
        free[to] |= up(rest(free[from], at), size[to]);
        free[from] = first(free[from], at);
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
        free[to] = up(free[to], many) | rest(free[from], size[from]);
        free[from] = first(free[from], size[from]);
        end(from, size[from]);
    }

    /** Moves the first entries of one node to the end of the one before. */
    void moveFirst(int from, int many, int to) {
        copy(from, 0, to, size[to], many);
        free[to] |= up(first(free[from], many), size[to]);
        free[from] = rest(free[from], many);
        size[to] += (byte) many;
        copy(from, many, from, 0, size[from] - many);
        size[from] -= (byte) many;
        end(from, size[from]);
    }

    /** So many bits; a shift of an int by all of its bits would do nothing, hence the longs. */
    private static int first(int bits, int many) {
        return bits & (int) ((1L << many) - 1);
    }

    /** The bits behind so many, moved to the beginning. */
    private static int rest(int bits, int many) {
        return (int) (Integer.toUnsignedLong(bits) >>> many);
    }

    private static int up(int bits, int many) {
        return (int) (Integer.toUnsignedLong(bits) << many);
    }

    private void copy(int from, int at, int to, int place, int many) {
        System.arraycopy(words, from * BLOCK + PAIR * at, words, to * BLOCK + PAIR * place, PAIR * many);
        System.arraycopy(words, from * BLOCK + LOT + at, words, to * BLOCK + LOT + place, many);
        int source = from * REFERENCES + at;
        int target = to * REFERENCES + place;
        System.arraycopy(references, source, references, target, many);
        System.arraycopy(references, source + OWNER, references, target + OWNER, many);
    }

    private void end(int node, int from) {
        for (int at = node * BLOCK + PAIR * from; at < node * BLOCK + PAIR * WIDTH; at += PAIR) {
            words[at] = END;
        }
    }

    /** The place of a child or a slot. */
    int indexOf(int node, int child) {
        int begin = node * REFERENCES;
        int at = begin;
        while (references[at] != child) {
            at++;
        }
        return at - begin;
    }

    /** Reads what a change of an entry will want of its node, so that it is there by then; the answer means nothing. */
    long touch(int node) {
        long sum = parent[node] + group[node] + size[node] + free[node];
        for (int at = 0; at < size[node]; at += 4) {
            sum += rate(node, at);
        }
        return sum + references[node * REFERENCES] + references[node * REFERENCES + WIDTH / 2];
    }

    /** How many entries of a node come before a rate and a lot, by halvings. */
    int before(int node, long rate, long lot) {
        int at = 0;
        for (int half = WIDTH / 2; half > 0; half /= 2) {
            if (precedes(node, at + half - 1, rate, lot)) {
                at += half;
            }
        }
        return at + (precedes(node, at, rate, lot) ? 1 : 0);
    }

    boolean precedes(int node, int at, long rate, long lot) {
        long its = rate(node, at);
        return its < rate || its == rate && Long.compareUnsigned(lot(node, at), lot) < 0;
    }

    /** Of what is free: what is busy would hide that the others do not do. Two at a time: each maximum waits for the one before. */
    long highest(int node) {
        long even = 0;
        long odd = 0;
        int left = free[node];
        while (left != 0) {
            even = Levels.max(even, levels(node, Integer.numberOfTrailingZeros(left)));
            left &= left - 1;
            if (left != 0) {
                odd = Levels.max(odd, levels(node, Integer.numberOfTrailingZeros(left)));
                left &= left - 1;
            }
        }
        return Levels.max(even, odd);
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
        if (words[base] == rate && lot(node, at) == lot) {
            return false;
        }
        words[base] = rate;
        words[node * BLOCK + LOT + at] = lot;
        return true;
    }

    /** Sums a child up in its entry; false when that is no news. */
    boolean sumUp(int node, int at, int child) {
        long levels = highest(child);
        int owner = soleOwner(child);
        if (levels(node, at) == levels && owner(node, at) == owner) {
            return false;
        }
        levels(node, at, levels);
        references[node * REFERENCES + OWNER + at] = owner;
        return true;
    }
}
