package io.perigee.api.session;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Who has to go when there is no room for one more: not whoever comes, or a single host could shut the door, but whoever has
 * waited longest of the source that holds most.
 */
public final class Crowd {
    private Crowd() {}

    /**
     * @param present in the order in which they came
     * @param address as {@link Address} words it
     * @param holds how much of the room
     */
    public static <T> Optional<T> first(Collection<T> present, Function<T, String> address, ToLongFunction<T> holds) {
        var ofASite = heaviest(present, address.andThen(Address::site), holds);
        return heaviest(ofASite, address, holds).stream().findFirst();
    }

    private static <T> List<T> heaviest(Collection<T> present, Function<T, String> source, ToLongFunction<T> holds) {
        Map<String, Long> held = new HashMap<>();
        present.forEach(each -> held.merge(source.apply(each), holds.applyAsLong(each), Long::sum));
        // of equal ones that which came first
        return present.stream()
                .map(source)
                .reduce((most, other) -> held.getOrDefault(other, 0L) > held.getOrDefault(most, 0L) ? other : most)
                .map(most -> present.stream()
                        .filter(each -> source.apply(each).equals(most))
                        .toList())
                .orElse(List.of());
    }
}
