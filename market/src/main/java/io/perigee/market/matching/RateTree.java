package io.perigee.market.matching;

import java.util.Arrays;

/**
 * Offers of many groups, each group a B+ tree in the order of rate and lot. Groups share the nodes. A rate is the bits
 * of a positive double, which are ordered as the doubles are.
 */
final class RateTree {
    private static final int NONE = RateNodes.NONE;
    private static final int WIDTH = RateNodes.WIDTH;
    /** A neighbour with so much room takes over entries before a full node is split: nodes stay fuller. */
    private static final int WORTH = 4;

    private final RateNodes nodes = new RateNodes();
    private int[] roots = new int[0];
    private int groups;
    /** Where each slot's offer is. */
    private int[] leaves = new int[0];
    /** Nodes that are not summed up yet. */
    private int[] stale = new int[64];

    private int waiting;

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
        return nodes.bytes() + 4L * (roots.length + leaves.length + stale.length);
    }

    void insert(int group, int slot, long rate, long lot, long levels, int owner) {
        if (slot >= leaves.length) {
            leaves = Arrays.copyOf(leaves, slot + slot / 8 + 16);
        }
        if (roots[group] == NONE) {
            roots[group] = nodes.create(group, 0);
        }
        int leaf = leafFor(roots[group], rate, lot);
        add(leaf, nodes.before(leaf, rate, lot), rate, lot, levels, owner, slot);
        while (nodes.parent(roots[group]) != NONE) {
            roots[group] = nodes.parent(roots[group]);
        }
    }

    void remove(int slot) {
        int leaf = leaves[slot];
        take(leaf, nodes.indexOf(leaf, slot), nodes.group(leaf));
    }

    private void take(int leaf, int at, int group) {
        take(leaf, at);
        settle(group);
    }

    /** The group of a slot's offer. */
    int group(int slot) {
        return nodes.group(leaves[slot]);
    }

    /** The leaf that has a slot's offer. */
    int leaf(int slot) {
        return leaves[slot];
    }

    /** Gives the offer at a place of a leaf another rate, and other levels. */
    void move(int leaf, int at, long rate, long levels) {
        long lot = nodes.lot(leaf, at);
        int owner = nodes.owner(leaf, at);
        int slot = nodes.child(leaf, at);
        int last = nodes.size(leaf) - 1;
        if (rate > nodes.rate(leaf, 0) && rate < nodes.rate(leaf, last)) {
            int before = nodes.before(leaf, rate, lot);
            int to = before > at ? before - 1 : before;
            nodes.shift(leaf, at, to);
            nodes.set(leaf, to, rate, lot, levels, owner, slot);
            changed(leaf, Math.min(at, to));
        } else {
            int group = nodes.group(leaf);
            take(leaf, at, group);
            insert(group, slot, rate, lot, levels, owner);
        }
    }

    /** Gives the offer at a place of a leaf other levels. */
    void levels(int leaf, int at, long levels) {
        nodes.levels(leaf, at, levels);
        later(leaf);
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
            int parent = nodes.parent(node);
            int its = parent == NONE ? NONE : nodes.indexOf(parent, node);
            int left = its > 0 ? nodes.child(parent, its - 1) : NONE;
            int right = its != NONE && its + 1 < nodes.size(parent) ? nodes.child(parent, its + 1) : NONE;
            if (room(left) >= WORTH) {
                int many = (room(left) + 1) / 2;
                int had = nodes.size(left);
                nodes.moveFirst(node, many, left);
                adoptFrom(left, had, had + many);
                into = at < many ? left : node;
                place = at < many ? had + at : at - many;
                refresh(left);
                refresh(node);
            } else {
                if (room(right) >= WORTH) {
                    int many = (room(right) + 1) / 2;
                    nodes.moveLast(node, many, right);
                    adoptFrom(right, 0, many);
                    refresh(node);
                    refresh(right);
                } else {
                    right = split(node);
                }
                if (at > nodes.size(node)) {
                    into = right;
                    place = at - nodes.size(node);
                }
            }
        }
        nodes.open(into, place);
        nodes.set(into, place, rate, lot, levels, owner, child);
        adopt(into, place);
        changed(into, place);
    }

    /** How many entries more a neighbour can take. */
    private int room(int node) {
        return node == NONE ? 0 : WIDTH - nodes.size(node);
    }

    private void adoptFrom(int node, int from, int to) {
        for (int at = from; at < to; at++) {
            adopt(node, at);
        }
    }

    /** Moves the upper half of a node into a new one beside it. */
    private int split(int node) {
        int right = nodes.create(nodes.group(node), nodes.height(node));
        nodes.move(node, WIDTH / 2, right);
        for (int at = 0; at < nodes.size(right); at++) {
            adopt(right, at);
        }
        if (nodes.parent(node) == NONE) {
            int root = nodes.create(nodes.group(node), nodes.height(node) + 1);
            nodes.open(root, 0);
            nodes.set(root, 0, nodes.rate(node, 0), nodes.lot(node, 0), 0, RateNodes.MIXED, node);
            nodes.parent(node, root);
        }
        int parent = nodes.parent(node);
        add(
                parent,
                nodes.indexOf(parent, node) + 1,
                nodes.rate(right, 0),
                nodes.lot(right, 0),
                0,
                RateNodes.MIXED,
                right);
        refresh(node);
        refresh(right);
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
            changed(node, at);
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

    /** From a place of a node on there are other entries; what is above it begins with its first. */
    private void changed(int node, int from) {
        if (from == 0) {
            refresh(node);
        } else {
            later(node);
        }
    }

    /** The order above a node is put right at once, what sums it up when {@link #sumUp} is called. */
    private void refresh(int node) {
        later(node);
        int below = node;
        int parent = nodes.parent(below);
        while (parent != NONE && nodes.begin(parent, nodes.indexOf(parent, below), below)) {
            below = parent;
            parent = nodes.parent(below);
        }
    }

    private void later(int node) {
        if (!nodes.isStale(node)) {
            nodes.stale(node, true);
            if (waiting == stale.length) {
                stale = Arrays.copyOf(stale, 2 * waiting);
            }
            stale[waiting++] = node;
        }
    }

    /**
     * Sums up what has changed, each node once however many changes there were below it. Whoever looks at the levels or
     * owners of inner nodes calls this before.
     */
    void sumUp() {
        for (int next = 0; next < waiting; next++) {
            int node = stale[next];
            int parent = nodes.isReleased(node) ? NONE : nodes.parent(node);
            nodes.stale(node, false);
            if (parent != NONE && nodes.sumUp(parent, nodes.indexOf(parent, node), node)) {
                later(parent);
            }
        }
        waiting = 0;
    }
}
