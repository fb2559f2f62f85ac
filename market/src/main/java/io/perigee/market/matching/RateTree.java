package io.perigee.market.matching;

import java.util.Arrays;

/**
 * Offers of many groups, each group a B+ tree in the order of rate and lot. Groups share the nodes. A rate is the bits
 * of a positive double, which are ordered as the doubles are.
 */
final class RateTree {
    private static final int NONE = RateNodes.NONE;
    private static final int WIDTH = RateNodes.WIDTH;

    private final RateNodes nodes = new RateNodes();
    private int[] roots = new int[0];
    private int groups;
    /** Where each slot's offer is. */
    private int[] leaves = new int[0];

    RateNodes nodes() {
        return nodes;
    }

    int addGroup() {
        if (groups == roots.length) {
            roots = Arrays.copyOf(roots, groups + groups / 8 + 16);
        }
        roots[groups] = NONE;
        return groups++;
    }

    /** Or none, when the group is empty. */
    int root(int group) {
        return roots[group];
    }

    long bytes() {
        return nodes.bytes() + 4L * (roots.length + leaves.length);
    }

    void insert(int group, int slot, long rate, long lot, long levels, int owner) {
        if (slot >= leaves.length) {
            leaves = Arrays.copyOf(leaves, slot + slot / 8 + 16);
        }
        if (roots[group] == NONE) {
            roots[group] = nodes.create(0);
        }
        int leaf = leafFor(roots[group], rate, lot);
        add(leaf, nodes.before(leaf, rate, lot), rate, lot, levels, owner, slot);
        while (nodes.parent(roots[group]) != NONE) {
            roots[group] = nodes.parent(roots[group]);
        }
    }

    void remove(int group, int slot) {
        int leaf = leaves[slot];
        take(leaf, nodes.indexOf(leaf, slot));
        settle(group);
    }

    /** Gives an offer another rate, and other levels. */
    void move(int group, int slot, long rate, long lot, long levels) {
        int leaf = leaves[slot];
        int at = nodes.indexOf(leaf, slot);
        int owner = nodes.owner(leaf, at);
        int last = nodes.size(leaf) - 1;
        if (rate > nodes.rate(leaf, 0) && rate < nodes.rate(leaf, last)) {
            nodes.close(leaf, at);
            int to = nodes.before(leaf, rate, lot);
            nodes.open(leaf, to);
            nodes.set(leaf, to, rate, lot, levels, owner, slot);
            refresh(leaf);
        } else {
            remove(group, slot);
            insert(group, slot, rate, lot, levels, owner);
        }
    }

    void levels(int slot, long levels) {
        int leaf = leaves[slot];
        nodes.levels(leaf, nodes.indexOf(leaf, slot), levels);
        refresh(leaf);
    }

    /** What the tree holds of a slot. */
    long rate(int slot) {
        return nodes.rate(leaves[slot], nodes.indexOf(leaves[slot], slot));
    }

    long lot(int slot) {
        return nodes.lot(leaves[slot], nodes.indexOf(leaves[slot], slot));
    }

    long levels(int slot) {
        return nodes.levels(leaves[slot], nodes.indexOf(leaves[slot], slot));
    }

    private int leafFor(int root, long rate, long lot) {
        int node = root;
        while (!nodes.isLeaf(node)) {
            node = nodes.child(node, Math.max(0, nodes.before(node, rate, lot) - 1));
        }
        return node;
    }

    private void add(int node, int at, long rate, long lot, long levels, int owner, int child) {
        int into = node;
        int place = at;
        if (nodes.size(node) == WIDTH) {
            int right = split(node);
            if (at > nodes.size(node)) {
                into = right;
                place = at - nodes.size(node);
            }
        }
        nodes.open(into, place);
        nodes.set(into, place, rate, lot, levels, owner, child);
        adopt(into, place);
        refresh(into);
    }

    /** Moves the upper half of a node into a new one beside it. */
    private int split(int node) {
        int right = nodes.create(nodes.height(node));
        nodes.move(node, WIDTH / 2, right);
        for (int at = 0; at < nodes.size(right); at++) {
            adopt(right, at);
        }
        if (nodes.parent(node) == NONE) {
            int root = nodes.create(nodes.height(node) + 1);
            sumUp(root, 0, node);
        }
        int parent = nodes.parent(node);
        refresh(node);
        add(
                parent,
                nodes.indexOf(parent, node) + 1,
                nodes.rate(right, 0),
                nodes.lot(right, 0),
                nodes.highest(right),
                nodes.soleOwner(right),
                right);
        return right;
    }

    private void take(int node, int at) {
        nodes.close(node, at);
        int parent = nodes.parent(node);
        if (nodes.size(node) == 0 && parent != NONE) {
            int place = nodes.indexOf(parent, node);
            nodes.release(node);
            take(parent, place);
        } else if (nodes.size(node) > 0) {
            refresh(node);
            if (nodes.size(node) <= WIDTH / 4 && parent != NONE) {
                mergeBeside(parent, nodes.indexOf(parent, node));
            }
        }
    }

    /** Joins a small child with a neighbour when both fit well into one: else nodes would be ever emptier. */
    private void mergeBeside(int parent, int at) {
        int left = at + 1 < nodes.size(parent) ? at : at - 1;
        if (left < 0) {
            return;
        }
        int into = nodes.child(parent, left);
        int from = nodes.child(parent, left + 1);
        int had = nodes.size(into);
        if (had + nodes.size(from) > WIDTH * 3 / 4) {
            return;
        }
        nodes.move(from, 0, into);
        for (int moved = had; moved < nodes.size(into); moved++) {
            adopt(into, moved);
        }
        nodes.release(from);
        refresh(into);
        take(parent, left + 1);
    }

    /** Takes away roots that have nothing to choose between. */
    private void settle(int group) {
        int root = roots[group];
        while (root != NONE && nodes.size(root) < (nodes.isLeaf(root) ? 1 : 2)) {
            int only = nodes.size(root) == 0 ? NONE : nodes.child(root, 0);
            nodes.release(root);
            root = only;
            if (root != NONE) {
                nodes.parent(root, NONE);
            }
        }
        roots[group] = root;
    }

    private void adopt(int node, int at) {
        int child = nodes.child(node, at);
        if (nodes.isLeaf(node)) {
            leaves[child] = node;
        } else {
            nodes.parent(child, node);
        }
    }

    private void sumUp(int parent, int at, int node) {
        if (at == nodes.size(parent)) {
            nodes.open(parent, at);
            nodes.parent(node, parent);
        }
        nodes.set(
                parent, at, nodes.rate(node, 0), nodes.lot(node, 0), nodes.highest(node), nodes.soleOwner(node), node);
    }

    /** Sums a node up again in those above it, as far as that changes anything. */
    private void refresh(int node) {
        int below = node;
        int parent = nodes.parent(below);
        while (parent != NONE) {
            int at = nodes.indexOf(parent, below);
            long rate = nodes.rate(parent, at);
            long lot = nodes.lot(parent, at);
            long levels = nodes.levels(parent, at);
            int owner = nodes.owner(parent, at);
            sumUp(parent, at, below);
            if (rate == nodes.rate(parent, at)
                    && lot == nodes.lot(parent, at)
                    && levels == nodes.levels(parent, at)
                    && owner == nodes.owner(parent, at)) {
                return;
            }
            below = parent;
            parent = nodes.parent(below);
        }
    }
}
