package io.perigee.market.matching;

import io.perigee.market.pricing.Tariff;

/** All offers in the order of one tariff. */
final class Book {
    private final Tariff tariff;
    private final RateTree tree = new RateTree();
    private final Heads heads = new Heads(tree);
    private final Search search;

    Book(Tariff tariff, OfferSlots offers, Owners owners) {
        this.tariff = tariff;
        this.search = new Search(tree, heads, offers, owners);
    }

    Search search() {
        return search;
    }

    long steps() {
        return search.steps() + heads.steps();
    }

    long bytes() {
        return tree.bytes() + heads.bytes();
    }

    void addGroup() {
        heads.addGroup(tree.addGroup());
    }

    void insert(int group, int slot, OfferView view, long lot, int owner) {
        long rate = rate(view);
        long levels = Levels.of(view, tariff);
        tree.insert(group, slot, rate, lot, levels, owner);
        heads.changed(group, rate, levels);
    }

    void replace(int group, int slot, OfferView view) {
        long rate = rate(view);
        long levels = Levels.of(view, tariff);
        heads.changed(group, tree.rate(slot), tree.levels(slot));
        if (tree.rate(slot) == rate) {
            tree.levels(slot, levels);
        } else {
            tree.move(group, slot, rate, tree.lot(slot), levels);
        }
        heads.changed(group, rate, levels);
    }

    /** Only what is in use has changed. */
    void use(int group, int slot, OfferView view) {
        long before = tree.levels(slot);
        long levels = Levels.using(before, view, tariff);
        if (levels != before) {
            tree.levels(slot, levels);
            heads.changed(group, tree.rate(slot), Math.max(before, levels));
        }
    }

    void remove(int group, int slot) {
        heads.changed(group, tree.rate(slot), tree.levels(slot));
        tree.remove(group, slot);
    }

    private long rate(OfferView view) {
        return Double.doubleToRawLongBits(ExpectedRate.of(view, tariff));
    }
}
