package io.perigee.market.matching;

import io.perigee.market.matching.Levels.Field;

/**
 * Finds the best offers for a need: group after group, each in its order, and no further than what was found elsewhere
 * already beats. Makes no objects. Not for two threads at once.
 */
final class Search {
    /** No class has enough. */
    static final int NOWHERE = -1;

    private static final int NONE_HERE = -1;
    private static final int BEYOND = -2;
    private static final int MAX_HEIGHT = 16;
    private static final long LAST_LOT = -1L;

    private final RateTree tree;
    private final RateNodes nodes;
    private final Heads heads;
    private final OfferSlots offers;
    private final Owners owners;
    private final int[] path = new int[MAX_HEIGHT];
    private final int[] places = new int[MAX_HEIGHT];
    private Choice choice = new Choice();
    private Choice best = new Choice();
    private long steps;

    /* the group at hand */
    private int freeGpus;
    private long floor;
    private long ceiling;
    private long walkedRate;
    private long walkedTurn;

    /* where the search is, and the last find */
    private int depth;
    private int height;
    private int leaf;
    private int place;

    Search(RateTree tree, Heads heads, OfferSlots offers, Owners owners) {
        this.tree = tree;
        this.nodes = tree.nodes();
        this.heads = heads;
        this.offers = offers;
        this.owners = owners;
    }

    /** What was chosen last. */
    Choice best() {
        return best;
    }

    /** Entries and groups looked at since the beginning: a measure that no machine or load changes. */
    long steps() {
        return steps;
    }

    /** The number of the class in which the cheapest are, in {@link #best}. */
    int decide(Need need) {
        tree.sumUp();
        var classes = need.shape().classes();
        int chosen = NOWHERE;
        for (int at = 0; at < classes.size(); at++) {
            choice.begin(need.request().count());
            walkAll(need, classes.get(at));
            if (choice.isFull() && (chosen == NOWHERE || beats(need, classes.get(at), classes.get(chosen)))) {
                var worse = best;
                best = choice;
                choice = worse;
                chosen = at;
            }
        }
        return chosen;
    }

    private boolean beats(Need need, Shape.InClass its, Shape.InClass before) {
        int order = Double.compare(choice.total(), best.total());
        return order < 0
                || order == 0
                        && Long.compareUnsigned(Turn.of(its.lot(), need.start()), Turn.of(before.lot(), need.start()))
                                < 0;
    }

    /**
     * The groups with the two cheapest heads first. What they give mostly is cheaper than the third cheapest head, and then
     * no other group need be looked at.
     */
    private void walkAll(Need need, Shape.InClass its) {
        long last = need.lastRate(offers.leastReliability());
        int band = Heads.band(need.floor());
        var groups = its.groups();
        int first = NOWHERE;
        int second = NOWHERE;
        int firstKey = Heads.NONE;
        int secondKey = Heads.NONE;
        int thirdKey = Heads.NONE;
        for (int at = 0; at < groups.length; at++) {
            int key = heads.key(groups[at], band);
            if (key < thirdKey) {
                if (key < secondKey) {
                    thirdKey = secondKey;
                    if (key < firstKey) {
                        second = first;
                        secondKey = firstKey;
                        first = at;
                        firstKey = key;
                    } else {
                        second = at;
                        secondKey = key;
                    }
                } else {
                    thirdKey = key;
                }
            }
        }
        steps += groups.length;
        enter(need, its, first, firstKey, last);
        enter(need, its, second, secondKey, last);
        if (thirdKey <= Heads.key(limit(last)) && thirdKey < Heads.NONE) {
            for (int at = 0; at < groups.length; at++) {
                if (at != first && at != second) {
                    enter(need, its, at, heads.key(groups[at], band), last);
                }
            }
            steps += groups.length;
        }
    }

    private void enter(Need need, Shape.InClass its, int at, int key, long last) {
        if (key < Heads.NONE && key <= Heads.key(limit(last))) {
            ask(need, its.freeGpus()[at]);
            walk(need, tree.root(its.groups()[at]), Heads.least(key), last);
        }
    }

    private long limit(long last) {
        return choice.isFull() ? Math.min(last, choice.lastRate()) : last;
    }

    private void ask(Need need, int itsFreeGpus) {
        freeGpus = itsFreeGpus;
        floor = floor(need, itsFreeGpus);
        long surely = Levels.count(itsFreeGpus, true);
        ceiling = need.ceiling() == 0 || surely > Field.GPUS.top() ? 0 : need.ceiling() | Field.GPUS.at(surely);
        walkedRate = 0;
        walkedTurn = 0;
    }

    /** Levels below which an offer of a group does not do. */
    static long floor(Need need, int itsFreeGpus) {
        return need.floor() | Field.GPUS.at(Levels.count(itsFreeGpus, false));
    }

    /** @param head a rate below which there is nothing for this need */
    private void walk(Need need, int root, long head, long last) {
        boolean found = seek(need, root, head, 0, limit(last), LAST_LOT);
        while (found) {
            long rate = nodes.rate(leaf, place);
            boolean alone = isAlone();
            boolean goesOn = alone ? take(need) : walkEquals(need, root, rate);
            long from = rate + 1;
            if (!goesOn || from > limit(last)) {
                return;
            }
            found = alone
                    ? next(need, leaf, place + 1, from, 0, limit(last), LAST_LOT)
                    : seek(need, root, from, 0, limit(last), LAST_LOT);
        }
    }

    /** Whether the next offer, or the next in its leaf that is free, has another rate. */
    private boolean isAlone() {
        long rate = nodes.rate(leaf, place);
        long following = place + 1 < RateNodes.WIDTH ? nodes.rate(leaf, place + 1) : RateNodes.END;
        if (following == RateNodes.END) {
            return isAloneAcrossLeaves(rate);
        }
        if (following != rate) {
            return true;
        }
        int left = nodes.free(leaf, place + 1);
        return left != 0 && nodes.rate(leaf, Integer.numberOfTrailingZeros(left)) != rate;
    }

    /** The leaf after this one begins with another rate; where that is not beside it, it is not known to. */
    private boolean isAloneAcrossLeaves(long rate) {
        if (depth == 0) {
            return true;
        }
        int above = path[depth - 1];
        int beside = places[depth - 1] + 1;
        long following = beside < RateNodes.WIDTH ? nodes.rate(above, beside) : RateNodes.END;
        return following == RateNodes.END ? depth == 1 : following != rate;
    }

    /** Those of one rate by their turns: from the start to the end of the circle, then from its beginning. */
    private boolean walkEquals(Need need, int root, long rate) {
        long start = need.start();
        return walkEquals(need, root, rate, start, LAST_LOT)
                && (start == 0 || walkEquals(need, root, rate, 0, start - 1));
    }

    private boolean walkEquals(Need need, int root, long rate, long fromLot, long toLot) {
        long from = fromLot;
        while (seek(need, root, rate, from, rate, toLot)) {
            long lot = nodes.lot(leaf, place);
            if (!take(need)) {
                return false;
            }
            if (lot == toLot) {
                return true;
            }
            from = lot + 1;
        }
        return true;
    }

    private boolean take(Need need) {
        walkedRate = nodes.rate(leaf, place);
        walkedTurn = Turn.of(nodes.lot(leaf, place), need.start());
        return choice.offer(walkedRate, walkedTurn, nodes.child(leaf, place), nodes.owner(leaf, place));
    }

    /** The first offer between two places in the order that does; true when there is one. */
    private boolean seek(Need need, int root, long fromRate, long fromLot, long toRate, long toLot) {
        depth = 0;
        height = nodes.height(root);
        return next(need, root, first(root, height, fromRate, fromLot), fromRate, fromLot, toRate, toLot);
    }

    /** The same from an entry of a node on, which is below what {@link #path} holds. */
    private boolean next(Need need, int from, int entry, long fromRate, long fromLot, long toRate, long toLot) {
        int node = from;
        int at = entry;
        while (true) {
            boolean isLeaf = depth == height;
            at = next(need, node, at, isLeaf, toRate, toLot);
            if (at == BEYOND || at == NONE_HERE && depth == 0) {
                return false;
            }
            if (at == NONE_HERE) {
                depth--;
                node = path[depth];
                at = places[depth] + 1;
            } else if (isLeaf) {
                leaf = node;
                place = at;
                return true;
            } else {
                path[depth] = node;
                places[depth] = at;
                depth++;
                node = nodes.child(node, at);
                at = first(node, height - depth, fromRate, fromLot);
            }
        }
    }

    /** The first entry at or below which there may be something from a place on. */
    private int first(int node, int above, long rate, long lot) {
        if (rate <= nodes.rate(node, 0) && (rate < nodes.rate(node, 0) || lot == 0)) {
            return 0;
        }
        int before = freeBefore(node, rate, lot);
        int bits = nodes.free(node, 0);
        if (above == 0) {
            return place(bits, before);
        }
        if (before == 0) {
            return 0;
        }
        int at = place(bits, before - 1);
        steps++;
        return at + 1 < RateNodes.WIDTH && nodes.precedes(node, at + 1, rate, lot) ? at + 1 : at;
    }

    /** How many of a node's entries that are free come before a rate and a lot, by halving them. */
    private int freeBefore(int node, long rate, long lot) {
        int bits = nodes.free(node, 0);
        int low = 0;
        int high = Integer.bitCount(bits);
        while (low < high) {
            int middle = (low + high) >>> 1;
            steps++;
            if (nodes.precedes(node, place(bits, middle), rate, lot)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Where the bit is that has so many below it; behind the last entry when there is none. */
    private static int place(int bits, int at) {
        return Integer.numberOfTrailingZeros(at == RateNodes.WIDTH ? 0 : Integer.expand(1 << at, bits));
    }

    /** Only what is free is looked at: the busy are no more than a bit. */
    private int next(Need need, int node, int from, boolean isLeaf, long toRate, long toLot) {
        for (int left = nodes.free(node, from); left != 0; left &= left - 1) {
            int at = Integer.numberOfTrailingZeros(left);
            steps++;
            long rate = nodes.rate(node, at);
            if (rate > toRate || rate == toRate && Long.compareUnsigned(nodes.lot(node, at), toLot) > 0) {
                return BEYOND;
            }
            if (Levels.cover(nodes.levels(node, at), floor)
                    && !isPassedOver(need, nodes.owner(node, at), rate)
                    && (!isLeaf || keeps(need, node, at))) {
                return at;
            }
        }
        return NONE_HERE;
    }

    private boolean isPassedOver(Need need, int owner, long rate) {
        if (owner == RateNodes.MIXED) {
            return false;
        }
        for (int excluded : need.excluded()) {
            if (excluded == owner) {
                return true;
            }
        }
        return owners.stake(owner) == 0 || choice.isServed(owner, rate, walkedRate, walkedTurn);
    }

    private boolean keeps(Need need, int node, int at) {
        boolean surely = ceiling != 0
                && Levels.cover(nodes.levels(node, at), ceiling)
                && nodes.rate(node, at) <= need.surePrice()
                && offers.latestStart() <= need.request().issuedAt().getEpochSecond();
        int owner = nodes.owner(node, at);
        long stake = owners.stake(owner);
        if (surely && need.isSurelyCovered(stake)) {
            return true;
        }
        var view = offers.view(nodes.child(node, at));
        return (surely || need.keeps(view, freeGpus)) && need.canBond(view, stake, owners.amount(owner));
    }
}
