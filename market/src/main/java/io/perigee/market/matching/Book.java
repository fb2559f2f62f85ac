package io.perigee.market.matching;

import io.perigee.market.pricing.Tariff;

/** All offers in the order of one tariff. */
final class Book {
    private final Tariff tariff;
    private final RateTree tree = new RateTree();
    private final Search search;

    Book(Tariff tariff, OfferSlots offers, Owners owners) {
        this.tariff = tariff;
        this.search = new Search(tree, offers, owners);
    }

    Search search() {
        return search;
    }

    long bytes() {
        return tree.bytes();
    }

    void addGroup() {
        tree.addGroup();
    }

    void insert(int group, int slot, OfferView view, long lot, int owner) {
        tree.insert(group, slot, rate(view), lot, Levels.of(view, tariff), owner);
    }

    void replace(int group, int slot, OfferView view) {
        long rate = rate(view);
        long levels = Levels.of(view, tariff);
        if (tree.rate(slot) == rate) {
            tree.levels(slot, levels);
        } else {
            tree.move(group, slot, rate, tree.lot(slot), levels);
        }
    }

    /** Only what is in use has changed. */
    void use(int slot, OfferView view) {
        tree.levels(slot, Levels.using(tree.levels(slot), view));
    }

    void remove(int group, int slot) {
        tree.remove(group, slot);
    }

    private long rate(OfferView view) {
        return Double.doubleToRawLongBits(ExpectedRate.of(view, tariff));
    }
}
