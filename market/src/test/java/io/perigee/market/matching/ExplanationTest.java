package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleModels;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobSpec SPEC = SampleJobs.strict(2);

    @Test
    void shouldNameTheCheapestSingleConstraintToLoosen() {
        // given a job for another region, which no price would bring, though memory stands in nobody's way
        var spec = SampleJobs.withPlacement(SPEC, new JobSpec.Placement(List.of("eu"), Decimal.ZERO, List.of(), "any"));
        var offers = offers(100_000, 200_000);

        // when
        var explanation = Explanation.of(request(spec, 5_000), spec, offers, Openings.UNKNOWN);

        // then
        var relaxation = explanation.relaxation().orElseThrow();
        assertThat(relaxation.constraint()).isEqualTo("placement.regions");
        assertThat(explanation.reasons()).anySatisfy(reason -> {
            assertThat(reason.constraint()).isEqualTo("placement.regions");
            assertThat(reason.lost()).isEqualTo(2);
        });
    }

    @Test
    void shouldSayWhichPriceWouldBeEnough() {
        // given
        var offers = offers(1_000_000, 2_000_000);

        // when
        var relaxation = Explanation.of(request(SPEC, 1), SPEC, offers, Openings.UNKNOWN)
                .relaxation()
                .orElseThrow();

        // then
        assertThat(relaxation.constraint()).isEqualTo("price.max");
        var ceiling = Pricing.attemptCeiling(Amount.parse(relaxation.enough()), 2);
        assertThat(Matcher.match(request(SPEC, ceiling.value().longValueExact()), SPEC, offers))
                .isInstanceOf(Match.Found.class);
    }

    /** Whoever stands by asks no more than whoever runs, so a price that is too low is too low for both. */
    @Test
    void shouldSayWhichPriceWouldBeEnoughWhereOthersMustStandBy() {
        // given
        var offers = offers(1_000_000, 2_000_000, 2_000_000);
        var request = request(SPEC, 1).standby(new PlacementRequest.Standby(1, 0));

        // when
        var relaxation = Explanation.of(request, SPEC, offers, Openings.UNKNOWN).relaxation();

        // then
        assertThat(relaxation.orElseThrow().constraint()).isEqualTo("price.max");
    }

    @Test
    void shouldFindNothingToLoosenWhereTwoConstraintsStandInTheWay() {
        // given
        var spec = SampleJobs.withPlacement(SPEC, new JobSpec.Placement(List.of("eu"), Decimal.ZERO, List.of(), "any"));

        // when
        var explanation = Explanation.of(request(spec, 1), spec, offers(1_000_000, 2_000_000), Openings.UNKNOWN);

        // then
        assertThat(explanation.relaxation()).isEmpty();
    }

    @Test
    void shouldTellABusyProviderThatItWasBusy() {
        // given
        var offers = offers(100_000, 200_000, 300_000);
        var busy = offers.getLast().using(1, 0);

        // when
        var why = Why.of(busy.provider(), List.of(seen(busy, 5_000, offers)));

        // then
        assertThat(why.lost()).isEqualTo(Map.of("busy", 1));
        assertThat(why.atPrice()).isEmpty();
    }

    @Test
    void shouldTellAProviderWhatItLostAndAtWhichPriceItWouldNotHave() {
        // given three jobs that others took, and one that nobody could take for its price
        var offers = offers(100_000, 200_000, 900_000);
        var dear = offers.getLast();
        var lost = seen(dear, 5_000, offers);
        var hopeless = seen(dear, 1, offers);

        // when
        var why = Why.of(dear.provider(), List.of(lost, lost, lost, hopeless));

        // then
        assertThat(why)
                .isEqualTo(new Why(
                        4,
                        0,
                        Map.of("price", 3, "price.max", 1),
                        Optional.of(new Why.AtPrice(Amount.of(199_999), Why.Per.MILLION_TOKENS, 3))));
    }

    @Test
    void shouldAdviseNoPriceThatTheBuilderCannotPay() {
        // given an offer above what the builder can pay, and others below it
        var offers = offers(100_000, 200_000, 900_000);
        long payable = Need.highestPrice(request(SPEC, 500), WorkKinds.of(SPEC).tariff(SPEC))
                .longValueExact();

        // when
        var why = Why.of(offers.getLast().provider(), List.of(seen(offers.getLast(), 500, offers)));

        // then
        assertThat(payable).isGreaterThan(200_000);
        assertThat(why.atPrice()).contains(new Why.AtPrice(Amount.of(199_999), Why.Per.MILLION_TOKENS, 1));
        assertThat(why.lost()).isEqualTo(Map.of("price.max", 1));
    }

    /** Both prices are numbers of the same token, and one of them is a thousand times the other. */
    @Test
    void shouldNotCountAJobThatIsPaidByTheHourWhereAPriceIsForTokens() {
        // given two jobs by the hour, and one by tokens at a price that is lower as a number and earns less
        var offers = List.of(priced("p0", 1_000, 100_000), priced("p1", 1_000, 200_000), priced("p2", 9_000, 900_000));
        var dear = offers.getLast();
        var byHour = SampleJobs.container(2);
        var hours = seen(byHour, dear, 1L << 40, offers);
        var tokens = seen(SPEC, dear, 1L << 40, offers);

        // when
        var why = Why.of(dear.provider(), List.of(hours, tokens, hours));

        // then
        assertThat(why.atPrice()).contains(new Why.AtPrice(Amount.of(199_999), Why.Per.HOUR, 2));
    }

    @Test
    void shouldNameTheModelsThatAreWantedThoughTheNeedOfARunIsKnown() {
        // given machines that have the memory, of another model
        var spec = onGpu("H200");
        var run = RunEstimate.of(SampleModels.SMOLLM2, spec).orElseThrow();
        var offers = List.of(withGpu("p0", "A100", 0), withGpu("p1", "A100", 0));

        // when
        var relaxation = Explanation.of(estimated(spec, run), spec, offers, Openings.UNKNOWN)
                .relaxation()
                .orElseThrow();

        // then
        assertThat(relaxation.constraint()).isEqualTo("resources.gpu");
        assertThat(relaxation.enough()).contains("A100");
    }

    @Test
    void shouldNotAdviseTheVeryModelThatIsWantedWhereItIsInUse() {
        // given
        var spec = onGpu("H200");
        var offers = List.of(withGpu("p0", "H200", 1), withGpu("p1", "H200", 1));

        // when
        var relaxation = Explanation.of(request(spec, 1L << 40), spec, offers, Openings.UNKNOWN)
                .relaxation();

        // then
        assertThat(relaxation).isEmpty();
    }

    private static JobSpec onGpu(String model) {
        var gpu = new JobSpec.GpuNeed(1, 0, List.of(model));
        return SampleJobs.withResources(SampleJobs.lora(2), new JobSpec.Resources(gpu, 1, 1, 1));
    }

    private static PlacementRequest estimated(JobSpec spec, RunEstimate run) {
        var request = request(spec, 1L << 40);
        return new PlacementRequest(
                2,
                Set.of(),
                request.demand(),
                run,
                request.selection(),
                request.attemptCeiling(),
                0,
                NOW,
                NOW.plusSeconds(60),
                Digest.ZERO);
    }

    private static OfferView withGpu(String name, String model, int used) {
        var view = SampleView.of(SampleProvider.of(name).withSlots(2), used);
        var image = SampleJobs.lora(2).image();
        var o = view.offer();
        var numericClass = Parties.digest("cuda");
        return offering(
                        view,
                        new Offer(
                                o.hardware(),
                                List.of(numericClass),
                                List.of(new ImageClass(image, numericClass, "cuda", true, 1)),
                                o.perMillionTokens(),
                                o.perHour(),
                                o.slots(),
                                o.memory(),
                                o.disk(),
                                o.cpus(),
                                List.of(new Gpu(model, 80_000_000_000L, "9.0", "570")),
                                o.region()))
                .using(used, used);
    }

    private static OfferView priced(String name, long perMillionTokens, long perHour) {
        var view = SampleView.of(SampleProvider.of(name));
        var o = view.offer();
        return offering(
                view,
                new Offer(
                        o.hardware(),
                        o.numericClasses(),
                        o.images(),
                        Amount.of(perMillionTokens),
                        Amount.of(perHour),
                        o.slots(),
                        o.memory(),
                        o.disk(),
                        o.cpus(),
                        o.gpus(),
                        o.region()));
    }

    private static OfferView offering(OfferView v, Offer offer) {
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

    @Test
    void shouldExpectAWaitFromHowOftenFittingOffersBecameFree() {
        // given two offers that fit, both busy; one of them and a stranger became free ten times in an hour
        var offers = offers(100_000, 200_000, 300_000).stream()
                .map(view -> view.using(view.offer().slots(), 0))
                .toList();
        var freed = IntStream.range(0, 10)
                .mapToObj(at -> at < 6
                        ? offers.getFirst().provider()
                        : SampleProvider.of("stranger").id())
                .toList();

        // when
        var wait = Explanation.of(request(SPEC, 5_000), SPEC, offers, new Openings(freed, Duration.ofHours(1)))
                .expectedWait();

        // then two, one every ten minutes
        assertThat(wait).contains(Duration.ofMinutes(20));
    }

    @Test
    void shouldNotPretendToKnowAWaitWithoutData() {
        var busy = offers(100_000, 200_000).stream()
                .map(view -> view.using(view.offer().slots(), 0))
                .toList();
        var often = new Openings(List.of(busy.getFirst().provider()), Duration.ofHours(1));

        assertThat(Openings.UNKNOWN.expectedWait(request(SPEC, 5_000), SPEC, busy))
                .isEmpty();
        assertThat(often.expectedWait(request(SPEC, 1), SPEC, busy))
                .as("nobody fits, busy or not")
                .isEmpty();
        assertThat(often.expectedWait(request(SPEC, 5_000), SPEC, busy.subList(0, 1)))
                .as("one owner")
                .isEmpty();
    }

    private static Why.Seen seen(OfferView view, long ceiling, List<OfferView> offers) {
        return seen(SPEC, view, ceiling, offers);
    }

    private static Why.Seen seen(JobSpec spec, OfferView view, long ceiling, List<OfferView> offers) {
        var request = request(spec, ceiling);
        return new Why.Seen(view, request, spec, Why.Outcome.of(Matcher.match(request, spec, offers), spec));
    }

    private static PlacementRequest request(JobSpec spec, long ceiling) {
        return new PlacementRequest(
                2,
                Set.of(),
                WorkKinds.of(spec).classDemand(spec),
                null,
                PlacementRequest.Selection.CHEAPEST,
                Amount.of(ceiling),
                0,
                NOW,
                NOW.plusSeconds(60),
                Digest.ZERO);
    }

    private static List<OfferView> offers(long... prices) {
        return IntStream.range(0, prices.length)
                .mapToObj(at -> SampleProvider.of("p" + at).asking(prices[at]))
                .map(SampleView::of)
                .toList();
    }
}
