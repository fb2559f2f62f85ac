package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.spec.JobSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index keeps what the scan keeps, and on random markets it chooses exactly what the scan chooses. */
class OfferIndexTest extends MatchingContract {
    private static final Amount ANY = Amount.of(1).times(1L << 62).times(1L << 62);

    @Override
    Match match(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        var index = new OfferIndex();
        offers.forEach(index::put);
        return index.match(request, spec);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldChooseAsTheScanDoesWhileOffersComeChangeAndGo(long seed) {
        // given
        var market = new RandomMarket(seed);
        var index = new OfferIndex();
        fill(market, index, 400, () -> market.offer(40));
        int found = 0;

        for (int round = 0; round < 600; round++) {
            // when
            churn(market, index);
            var wanted = market.wanted();

            // then
            found += agrees(market, index, wanted, seed, round);
        }
        assertThat(found).isBetween(100, 500);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldChooseAsTheScanDoesInHardMarkets(long seed) {
        var random = new RandomMarket(seed);
        random.beOfOneKind();
        var hard = Map.<String, Supplier<OfferView>>of(
                "equal prices",
                        () -> random.offer(RandomMarket.owner(random.random().nextInt(90)), Amount.of(7)),
                "one owner with half",
                        () -> random.offer(
                                RandomMarket.owner(
                                        random.random().nextBoolean()
                                                ? 0
                                                : random.random().nextInt(90)),
                                random.price()),
                "one owner that undercuts everybody",
                        () -> random.random().nextBoolean()
                                ? random.offer(RandomMarket.owner(0), Amount.of(1))
                                : random.offer(
                                        RandomMarket.owner(random.random().nextInt(90)), Amount.of(1_000)),
                "one owner and one price",
                        () -> random.offer(
                                RandomMarket.owner(
                                        random.random().nextBoolean()
                                                ? 0
                                                : random.random().nextInt(90)),
                                Amount.of(7)));
        hard.forEach((name, offers) -> {
            // given
            var index = new OfferIndex();
            random.offers.clear();
            fill(random, index, 1_500, offers);

            for (int round = 0; round < 40; round++) {
                // when
                lose(random, index, round == 20 ? 0.1 : 0);
                var wanted = random.wanted(1 + round % 5, ANY);

                // then
                agrees(random, index, wanted, seed, round);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldComeToTheSameByManyChangesAtOnceAsByOneAfterTheOther(long seed) {
        // given changes of few providers, so that what one of them does is changed by the next
        var market = new RandomMarket(seed);
        var known = Stream.generate(() -> market.offer(40)).limit(60).toList();
        var changes = Stream.generate(() -> change(market, known)).limit(5_000).toList();
        var oneByOne = new OfferIndex();
        changes.forEach(oneByOne::apply);

        // when
        var together = new OfferIndex();
        together.apply(changes);

        // then
        assertThat(together.views()).isEqualTo(oneByOne.views());
        for (int round = 0; round < 100; round++) {
            var wanted = market.wanted();
            assertThat(together.match(wanted.request(), wanted.spec()))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(oneByOne.match(wanted.request(), wanted.spec()))
                    .isEqualTo(Matcher.match(wanted.request(), wanted.spec(), together.views()));
        }
    }

    private static OfferChange change(RandomMarket market, List<OfferView> known) {
        var view = known.get(market.random().nextInt(known.size()));
        return switch (market.random().nextInt(6)) {
            case 0 -> new OfferChange.Gone(view.provider());
            case 1, 2 -> new OfferChange.Used(view.provider(), market.random().nextInt(4), market.random().nextInt(2));
            case 3 -> new OfferChange.Staked(view.owner(), Amount.of(market.random().nextLong(1L << 62)));
            default -> new OfferChange.Put(market.changed(view));
        };
    }

    private static int agrees(RandomMarket market, OfferIndex index, RandomMarket.Wanted wanted, long seed, int round) {
        var expected = Matcher.match(wanted.request(), wanted.spec(), market.views());
        assertThat(index.match(wanted.request(), wanted.spec()))
                .as("seed %d, round %d, %s", seed, round, wanted)
                .isEqualTo(expected);
        return expected instanceof Match.Found ? 1 : 0;
    }

    private static void fill(RandomMarket market, OfferIndex index, int many, Supplier<OfferView> offers) {
        Stream.generate(offers).limit(many).forEach(view -> index.put(market.add(view)));
    }

    private static void churn(RandomMarket market, OfferIndex index) {
        for (int change = 0; change < 4; change++) {
            var views = market.views();
            var view = views.get(market.random().nextInt(views.size()));
            switch (market.random().nextInt(4)) {
                case 0 -> index.put(market.add(market.offer(40)));
                case 1 -> {
                    market.offers.remove(view.provider());
                    index.remove(view.provider());
                }
                default -> index.put(market.add(market.changed(view)));
            }
        }
    }

    private static void lose(RandomMarket market, OfferIndex index, double share) {
        for (var view : market.views()) {
            if (market.random().nextDouble() < share) {
                market.offers.remove(view.provider());
                index.remove(view.provider());
            }
        }
    }
}
