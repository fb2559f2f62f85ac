package io.perigee.api.provider.postgres;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.PeopledClasses;
import io.perigee.market.matching.OfferView;
import io.perigee.market.verification.Population;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who stands behind the classes of each image, of those who offer them for it. */
final class Backing {
    private final Map<ClassDemand, Map<Digest, Map<Address, Amount>>> stakes = new HashMap<>();

    /** What the bits of a class have shown. */
    record Pairs(int equal, int unexplained) {
        static final Pairs NONE = new Pairs(0, 0);
    }

    /** @param stake all that its owner has */
    void add(OfferView view, Amount stake) {
        var offer = view.offer();
        offer.images().stream()
                .filter(held -> offer.numericClasses().contains(held.numericClass()))
                .forEach(held -> stakes.computeIfAbsent(
                                new ClassDemand.OfImage(held.image(), held.gpu()), _ -> new HashMap<>())
                        .computeIfAbsent(held.numericClass(), _ -> new HashMap<>())
                        .put(view.owner(), stake));
    }

    /** @param pairs asked only of classes with many owners, which are few */
    PeopledClasses classes(Function<Set<Digest>, Map<Digest, Pairs>> pairs) {
        stakes.values().forEach(its -> its.values().removeIf(owners -> owners.size() < Population.OWNERS));
        var large =
                stakes.values().stream().flatMap(its -> its.keySet().stream()).collect(Collectors.toUnmodifiableSet());
        if (large.isEmpty()) {
            return PeopledClasses.NONE;
        }
        var known = pairs.apply(large);
        var peopled = new HashMap<ClassDemand, Set<Digest>>();
        stakes.forEach((image, its) -> {
            var classes = its.entrySet().stream()
                    .filter(each ->
                            population(each.getKey(), each.getValue(), known).isPeopled())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toUnmodifiableSet());
            if (!classes.isEmpty()) {
                peopled.put(image, classes);
            }
        });
        return new PeopledClasses(peopled);
    }

    private static Population population(Digest numericClass, Map<Address, Amount> stakes, Map<Digest, Pairs> known) {
        var pairs = known.getOrDefault(numericClass, Pairs.NONE);
        return new Population(numericClass, stakes, pairs.equal(), pairs.unexplained());
    }
}
