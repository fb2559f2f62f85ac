package io.perigee.api.provider.postgres;

import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What owners have shown, by the families that orders ask about; without the evidence, which is most of it. It fades over
 * months, so it may be some seconds old: to read it takes a hundred thousand rows.
 */
final class FamilyRecords {
    private static final Duration GOOD = Duration.ofSeconds(5);

    /** An order may name any image, and so any family. */
    private static final int MOST_FAMILIES = 1_000;

    private record Kept(Map<Field, Reputation> records, Instant at) {}

    private final Function<Set<String>, Map<Field, Reputation>> reading;
    private final OneAtATime turn;
    private final Clock clock;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    /** @param reading reads those of some families; blocks */
    FamilyRecords(Function<Set<String>, Map<Field, Reputation>> reading, OneAtATime turn, Clock clock) {
        this.reading = reading;
        this.turn = turn;
        this.clock = clock;
    }

    /** May block, and takes a connection of its own then. */
    Map<Field, Reputation> of(Set<String> families) {
        var present = keptOf(families);
        return present.size() == families.size() ? together(present) : turn.read(() -> together(read(families)));
    }

    private Map<String, Kept> keptOf(Set<String> families) {
        var now = clock.instant();
        Map<String, Kept> present = new HashMap<>();
        for (var family : families) {
            var known = kept.get(family);
            if (isGood(known, now)) {
                present.put(family, known);
            }
        }
        return present;
    }

    private static boolean isGood(@Nullable Kept known, Instant now) {
        return known != null
                && !now.isBefore(known.at)
                && Duration.between(known.at, now).compareTo(GOOD) < 0;
    }

    /** Somebody else may have read them meanwhile. */
    private Map<String, Kept> read(Set<String> families) {
        var present = keptOf(families);
        var missing = families.stream()
                .filter(family -> !present.containsKey(family))
                .collect(Collectors.toUnmodifiableSet());
        if (!missing.isEmpty()) {
            var at = clock.instant();
            var byFamily = reading.apply(missing).entrySet().stream()
                    .collect(Collectors.groupingBy(entry -> entry.getKey().imageFamily()));
            missing.forEach(family ->
                    present.put(family, new Kept(withoutEvidence(byFamily.getOrDefault(family, List.of())), at)));
            keep(present);
        }
        return present;
    }

    private void keep(Map<String, Kept> some) {
        if (kept.size() + some.size() > MOST_FAMILIES) {
            kept.clear();
        }
        kept.putAll(some);
    }

    private static Map<Field, Reputation> withoutEvidence(List<Map.Entry<Field, Reputation>> records) {
        return records.stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> {
            var record = entry.getValue();
            return new Reputation(
                    record.verified(), record.cheats(), record.honesty(), record.reliability(), List.of());
        }));
    }

    private static Map<Field, Reputation> together(Map<String, Kept> some) {
        Map<Field, Reputation> all = new HashMap<>();
        some.values().forEach(each -> all.putAll(each.records));
        return all;
    }
}
