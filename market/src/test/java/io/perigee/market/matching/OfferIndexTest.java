package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.ClassDemand;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index keeps what the scan keeps, and on random markets it chooses exactly what the scan chooses. */
class OfferIndexTest extends MatchingContract {
    private static final Digest RARE = Parties.digest("rare");
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
            var wanted = market.wantedBesideOthers();

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
            var wanted = market.wantedBesideOthers();
            assertThat(together.match(wanted.request(), wanted.spec()))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(oneByOne.match(wanted.request(), wanted.spec()))
                    .isEqualTo(Matcher.match(wanted.request(), wanted.spec(), together.views()));
        }
    }

    @Test
    void shouldForgetKindsOfOffersThatNobodyMakesAnyMore() {
        // given
        var market = new RandomMarket(1);
        var index = new OfferIndex();
        fill(market, index, 400, () -> market.offer(40));
        var wanted = Stream.generate(market::wanted).limit(50).toList();
        var provider = market.offer(40);
        index.put(provider);
        index.remove(provider.provider());
        long steps = steps(index, wanted);
        long bytes = index.bytes();

        // when one provider has a GPU of another memory each time
        for (int time = 0; time < 10_000; time++) {
            index.put(market.withGpu(provider, new Gpu("NVIDIA H200", 1 + time, "9.0", "5")));
            if (time % 2 == 0) {
                index.remove(provider.provider());
            }
        }
        index.remove(provider.provider());

        // then
        assertThat(steps(index, wanted)).isEqualTo(steps);
        assertThat(index.bytes()).isEqualTo(bytes);
        wanted.forEach(job -> agrees(market, index, job, 1, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldChooseAsTheScanDoesWhereKindsComeAndGo(long seed) {
        // given few offers of many kinds, so that most changes are the first or the last of a kind
        var market = new RandomMarket(seed);
        var index = new OfferIndex();
        fill(market, index, 30, () -> market.offer(40));
        var early = Stream.generate(market::wanted).limit(20).toList();
        var needs = early.stream()
                .map(job -> index.prepare(job.request().alone(), job.spec()))
                .toList();

        for (int round = 0; round < 300; round++) {
            // when
            churn(market, index);
            if (market.offers.size() > 40) {
                lose(market, index, 0.5);
            } else if (market.offers.size() < 10) {
                fill(market, index, 10, () -> market.offer(40));
            }
            var need = needs.get(round % needs.size());

            // then a need from before holds too
            agrees(market, index, market.wantedBesideOthers(), seed, round);
            if (need.request().selection() == PlacementRequest.Selection.CHEAPEST) {
                assertThat(index.decide(need))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(Matcher.match(need.request(), need.spec(), market.views()) instanceof Match.Found);
            }
        }
    }

    /** Draws by stake, and whether others stand by, ask those of the kind that is wanted. */
    @Test
    void shouldLookAtNoneOfAnotherKind() {
        // given few that may do among many that may not
        var market = new RandomMarket(3);
        var index = new OfferIndex();
        IntStream.range(0, 20)
                .mapToObj(at -> ofClass(RARE, SampleView.of(SampleProvider.of("able " + at))))
                .forEach(index::put);
        market.beOfOneKind();
        fill(market, index, 3_000, () -> market.offer(400));
        var spec = SampleJobs.strict(2);
        var drawn = request(PlacementRequest.Selection.BY_STAKE);
        var stoodBy = request(PlacementRequest.Selection.CHEAPEST).standby(new PlacementRequest.Standby(2, 0));
        long steps = index.steps();

        // when
        var matches = Stream.of(drawn, stoodBy)
                .map(request -> index.match(request, spec))
                .toList();

        // then
        assertThat(matches)
                .containsExactly(
                        Matcher.match(drawn, spec, index.views()), Matcher.match(stoodBy, spec, index.views()));
        assertThat(matches).allSatisfy(match -> assertThat(match).isInstanceOf(Match.Found.class));
        assertThat(index.scans()).isZero();
        assertThat(index.steps() - steps).isLessThan(200);
    }

    private static OfferView ofClass(Digest numericClass, OfferView v) {
        var o = v.offer();
        var offer = new Offer(
                o.hardware(),
                List.of(numericClass),
                o.images(),
                o.perMillionTokens(),
                o.perHour(),
                o.slots(),
                o.memory(),
                o.disk(),
                o.cpus(),
                o.gpus(),
                o.region());
        return new OfferView(
                v.provider(),
                v.owner(),
                v.sessionKey(),
                v.sessionKeySignature(),
                offer,
                v.freeStake(),
                v.usedSlots(),
                v.usedGpus(),
                v.reputation(),
                v.standing());
    }

    private static PlacementRequest request(PlacementRequest.Selection selection) {
        return new PlacementRequest(
                2,
                Set.of(),
                new ClassDemand.Fixed(RARE),
                null,
                selection,
                ANY,
                0,
                RandomMarket.NOW,
                RandomMarket.NOW.plusSeconds(60),
                Digest.ZERO);
    }

    private static long steps(OfferIndex index, List<RandomMarket.Wanted> wanted) {
        var needs = wanted.stream()
                .map(job -> index.prepare(job.request(), job.spec()))
                .toList();
        needs.forEach(index::decide);
        long before = index.steps();
        needs.forEach(index::decide);
        return index.steps() - before;
    }

    private static OfferChange change(RandomMarket market, List<OfferView> known) {
        var view = known.get(market.random().nextInt(known.size()));
        return switch (market.random().nextInt(6)) {
            case 0 -> new OfferChange.Gone(view.provider());
            case 1, 2 ->
                new OfferChange.Used(
                        view.provider(),
                        market.random().nextInt(4),
                        market.random().nextInt(2));
            case 3 ->
                new OfferChange.Staked(view.owner(), Amount.of(market.random().nextLong(1L << 62)));
            default -> new OfferChange.Put(market.changed(view));
        };
    }

    private static int agrees(RandomMarket market, OfferIndex index, RandomMarket.Wanted wanted, long seed, int round) {
        var expected = Matcher.match(wanted.request(), wanted.spec(), market.views());
        assertThat(index.match(wanted.request(), wanted.spec()))
                .as("seed %d, round %d, %s", seed, round, wanted)
                .isEqualTo(expected);
        assertThat(index.canPlace(wanted.request(), wanted.spec())).isEqualTo(expected instanceof Match.Found);
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
