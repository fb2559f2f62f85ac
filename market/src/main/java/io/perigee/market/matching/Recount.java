package io.perigee.market.matching;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.spec.JobSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes a past choice again, from every change of the book up to it, by the scan: whoever has the numbered changes and
 * the job's own facts needs nothing else, and need not trust the index.
 */
public final class Recount {
    private final Map<ProviderId, OfferView> offers = new LinkedHashMap<>();
    private final Map<Address, Amount> stakes = new HashMap<>();

    /** What became of it. */
    public sealed interface Result {
        /** The same providers, in the same class. */
        record Same() implements Result {}

        /** By the rules others had to be chosen; none when nobody fitted. */
        record Other(Digest numericClass, List<ProviderId> expected) implements Result {
            public Other {
                expected = List.copyOf(expected);
            }
        }
    }

    /** @param changes in order, from the first */
    public Recount(List<OfferChange> changes) {
        changes.forEach(this::apply);
    }

    /** The offers of that moment. */
    public List<OfferView> offers() {
        return offers.values().stream()
                .map(view -> view.staked(stakes.getOrDefault(view.owner(), Amount.ZERO)))
                .toList();
    }

    /**
     * Whether these were to be chosen, cheapest first.
     *
     * @param requests what does as well, the best first
     */
    public Result of(List<PlacementRequest> requests, JobSpec spec, Digest numericClass, List<ProviderId> chosen) {
        var offers = offers();
        return switch (PlacementRequest.best(requests, request -> Matcher.match(request, spec, offers))) {
            case Match.Found found -> {
                var expected = found.picks().stream()
                        .map(pick -> pick.view().provider())
                        .toList();
                yield found.numericClass().equals(numericClass) && expected.equals(chosen)
                        ? new Result.Same()
                        : new Result.Other(found.numericClass(), expected);
            }
            case Match.None _ -> new Result.Other(Digest.ZERO, List.of());
        };
    }

    private void apply(OfferChange change) {
        switch (change) {
            case OfferChange.Put(var view) -> {
                offers.put(view.provider(), view);
                stakes.put(view.owner(), view.freeStake());
            }
            case OfferChange.Used(var provider, int slots, int gpus) ->
                offers.computeIfPresent(provider, (same, view) -> view.using(slots, gpus));
            case OfferChange.Staked(var owner, var free) -> stakes.put(owner, free);
            case OfferChange.Gone(var provider) -> offers.remove(provider);
        }
    }
}
