package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecountTest {
    /** A choice of the index, and how many changes of the book it knew. */
    private record Chosen(int version, RandomMarket.Wanted wanted, Digest numericClass, List<ProviderId> providers) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldComputeEveryPastChoiceAgainFromTheChanges(long seed) {
        // given a market that lives, and what the index chose meanwhile
        var log = new ArrayList<OfferChange>();
        var choices = choices(new RandomMarket(seed), log);
        assertThat(choices).as("seed %d", seed).hasSizeGreaterThan(30);

        for (var chosen : choices) {
            // when
            var result = recount(log, chosen, chosen.providers());

            // then
            assertThat(result).as("seed %d, version %d", seed, chosen.version()).isEqualTo(new Recount.Result.Same());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldNameWhoHadToBeChosenInsteadOfAFriend(long seed) {
        // given
        var log = new ArrayList<OfferChange>();
        var choices = choices(new RandomMarket(seed), log);

        for (var chosen : choices) {
            var friend = new Recount(log.subList(0, chosen.version()))
                    .offers().stream()
                            .map(OfferView::provider)
                            .filter(provider -> !chosen.providers().contains(provider))
                            .findFirst()
                            .orElseThrow();
            var favoured = new ArrayList<>(chosen.providers());
            favoured.set(favoured.size() - 1, friend);

            // when
            var result = recount(log, chosen, favoured);

            // then
            assertThat(result).isEqualTo(new Recount.Result.Other(chosen.numericClass(), chosen.providers()));
        }
    }

    private static Recount.Result recount(List<OfferChange> log, Chosen chosen, List<ProviderId> providers) {
        return new Recount(log.subList(0, chosen.version()))
                .of(List.of(chosen.wanted().request()), chosen.wanted().spec(), chosen.numericClass(), providers);
    }

    private static List<Chosen> choices(RandomMarket market, List<OfferChange> log) {
        var index = new OfferIndex();
        var choices = new ArrayList<Chosen>();
        for (int round = 0; round < 400; round++) {
            var change = change(market);
            log.add(change);
            index.apply(change);
            var wanted = market.wanted();
            if (index.match(wanted.request(), wanted.spec()) instanceof Match.Found found) {
                var providers = found.picks().stream()
                        .map(pick -> pick.view().provider())
                        .toList();
                choices.add(new Chosen(log.size(), wanted, found.numericClass(), providers));
            }
        }
        return choices;
    }

    private static OfferChange change(RandomMarket market) {
        var random = market.random();
        int kind = market.offers.size() < 60 ? 9 : random.nextInt(10);
        var some = market.views().isEmpty()
                ? market.offer(20)
                : market.views().get(random.nextInt(market.views().size()));
        return switch (kind) {
            case 0 -> {
                market.offers.remove(some.provider());
                yield new OfferChange.Gone(some.provider());
            }
            case 1, 2 -> new OfferChange.Used(some.provider(), random.nextInt(4), random.nextInt(2));
            case 3 -> new OfferChange.Staked(some.owner(), Amount.of(random.nextInt(3) * 1_000_000_000L));
            case 4, 5 -> new OfferChange.Put(market.add(market.changed(some)));
            default -> new OfferChange.Put(market.add(market.offer(20)));
        };
    }
}
