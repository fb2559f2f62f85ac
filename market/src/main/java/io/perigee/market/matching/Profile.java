package io.perigee.market.matching;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Offer;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What groups of offers have in common: all that is a kind and no amount. Offers of one profile are one ordered group. */
record Profile(Set<Digest> classes, Set<Support> images, List<Card> gpus, String region) {
    /** An image that is held, with a class of it. */
    record Support(ContentId image, Digest numericClass, boolean gpu) {}

    /** A GPU, as far as jobs can ask for one. */
    record Card(String model, long vram) {}

    static Profile of(Offer offer) {
        return new Profile(
                Set.copyOf(offer.numericClasses()),
                offer.images().stream()
                        .map(held -> new Support(held.image(), held.numericClass(), held.gpu()))
                        .collect(Collectors.toUnmodifiableSet()),
                offer.gpus().stream()
                        .map(Profile::card)
                        .sorted(Comparator.comparing(Card::model).thenComparing(Card::vram))
                        .toList(),
                offer.region());
    }

    private static Card card(Gpu gpu) {
        return new Card(gpu.model(), gpu.vram());
    }
}
