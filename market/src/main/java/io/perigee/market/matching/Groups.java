package io.perigee.market.matching;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The groups of offers that there are, by number. A number is given again when its group has no offers any more: else whoever
 * says another profile every time would make every decision slower.
 */
final class Groups {
    /** Ways of saying a profile that are remembered. */
    private static final int KINDS = 16_384;

    /** @param sample an offer of it */
    record Group(int number, Offer sample) {}

    private record Kind(List<Digest> classes, List<ImageClass> images, List<Gpu> gpus, String region) {
        static Kind of(Offer offer) {
            return new Kind(offer.numericClasses(), offer.images(), offer.gpus(), offer.region());
        }
    }

    private final Map<Profile, Group> byProfile = new HashMap<>();
    private final Map<Integer, Group> byNumber = new TreeMap<>();
    /** Some are of groups that are gone: they are found out when they are asked for. */
    private final Map<Kind, Group> kinds = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Kind, Group> eldest) {
            return size() > KINDS;
        }
    };

    private final Deque<Integer> freed = new ArrayDeque<>();
    private int numbers;
    private long generation;

    /** One more whenever a group came or went. */
    long generation() {
        return generation;
    }

    /** By their numbers. */
    Collection<Group> all() {
        return byNumber.values();
    }

    /** How many numbers were ever given: all are below. */
    int numbers() {
        return numbers;
    }

    /** Of an offer's profile, by its lists as they are, so that most offers need not be brought into a profile's form. */
    Optional<Group> of(Offer offer) {
        var kind = Kind.of(offer);
        var known = kinds.get(kind);
        if (known != null && byNumber.get(known.number()) == known) {
            return Optional.of(known);
        }
        var group = Optional.ofNullable(byProfile.get(Profile.of(offer)));
        group.ifPresent(its -> kinds.put(kind, its));
        return group;
    }

    /** A new one, of a profile that has none. */
    Group add(Offer sample) {
        generation++;
        var group = new Group(freed.isEmpty() ? numbers++ : freed.pop(), sample);
        byProfile.put(Profile.of(sample), group);
        byNumber.put(group.number(), group);
        kinds.put(Kind.of(sample), group);
        return group;
    }

    /** It has no offers any more. */
    void remove(int number) {
        var group = byNumber.remove(number);
        if (group == null) {
            throw new IllegalArgumentException("Expected to remove group %d, but there is none".formatted(number));
        }
        generation++;
        byProfile.remove(Profile.of(group.sample()));
        kinds.remove(Kind.of(group.sample()));
        freed.push(number);
    }
}
