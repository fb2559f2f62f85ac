package io.perigee.market.matching;

import io.perigee.market.pricing.Tariff;
import java.util.stream.IntStream;

/** All offers in the order of one tariff. */
final class Book {
    private final Tariff tariff;
    private final RateTree tree = new RateTree();
    private final RateNodes nodes = tree.nodes();
    private final Heads heads = new Heads(tree);
    private final Candidates candidates = new Candidates(nodes);
    private final Search search;

    Book(Tariff tariff, OfferSlots offers, Owners owners) {
        this.tariff = tariff;
        this.search = new Search(tree, heads, offers, owners);
    }

    Search search() {
        return search;
    }

    long steps() {
        return search.steps() + heads.steps() + candidates.looked();
    }

    long bytes() {
        return tree.bytes() + heads.bytes();
    }

    void addGroup() {
        heads.addGroup(tree.addGroup());
    }

    /** Whether a group has no offers. */
    boolean isEmpty(int group) {
        return tree.root(group) == RateNodes.NONE;
    }

    /** Slots of the offers of some groups, as they are wanted. */
    IntStream offers(int[] groups) {
        return IntStream.of(groups).flatMap(group -> candidates.all(tree.root(group)));
    }

    /** Of the groups of a class, the slots of those that are free and whose levels do for a need. */
    IntStream able(Need need, Shape.InClass its) {
        tree.sumUp();
        return IntStream.range(0, its.groups().length)
                .flatMap(at -> candidates.free(tree.root(its.groups()[at]), Search.floor(need, its.freeGpus()[at])));
    }

    /** The group of a slot's offer. */
    int group(int slot) {
        return tree.group(slot);
    }

    /** The owner of a slot's offer. */
    int owner(int slot) {
        int leaf = tree.leaf(slot);
        return nodes.owner(leaf, nodes.indexOf(leaf, slot));
    }

    /** Reads what a change of a slot's offer will want; the answer means nothing. */
    long touch(int slot) {
        return nodes.touch(tree.leaf(slot));
    }

    void insert(int group, int slot, OfferView view, long lot, int owner) {
        long rate = rate(view);
        long levels = Levels.of(view, tariff);
        tree.insert(group, slot, rate, lot, levels, owner);
        heads.came(group, rate, levels);
    }

    /** @return the number of its owner */
    int replace(int slot, OfferView before, OfferView view) {
        int leaf = tree.leaf(slot);
        int at = nodes.indexOf(leaf, slot);
        int group = nodes.group(leaf);
        int owner = nodes.owner(leaf, at);
        long hadRate = nodes.rate(leaf, at);
        long had = nodes.levels(leaf, at);
        long rate = rate(view);
        long levels = Levels.again(had, before, view, tariff);
        if (hadRate != rate) {
            tree.move(leaf, at, rate, levels);
        } else if (had != levels) {
            tree.levels(leaf, at, levels);
        }
        heads.moved(group, hadRate, had, rate, levels);
        return owner;
    }

    /** Only what is in use has changed. */
    void use(int slot, OfferView view) {
        int leaf = tree.leaf(slot);
        int at = nodes.indexOf(leaf, slot);
        long had = nodes.levels(leaf, at);
        long levels = Levels.using(had, view);
        if (levels != had) {
            long rate = nodes.rate(leaf, at);
            tree.levels(leaf, at, levels);
            heads.moved(nodes.group(leaf), rate, had, rate, levels);
        }
    }

    void remove(int slot) {
        int leaf = tree.leaf(slot);
        int at = nodes.indexOf(leaf, slot);
        heads.went(nodes.group(leaf), nodes.rate(leaf, at), nodes.levels(leaf, at));
        tree.remove(slot);
    }

    private long rate(OfferView view) {
        return Double.doubleToRawLongBits(ExpectedRate.of(view, tariff));
    }
}
