package io.perigee.market.pricing;

import static io.perigee.testkit.data.OfferBuilder.anOffer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.perigee.market.MarketPolicy;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.PeopledClasses;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Standing;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.Candidate;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleModels;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PricingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final MarketPolicy POLICY = MarketPolicy.standard(60, 86_400);

    @Test
    void shouldPriceTokensRoundedUp() {
        // 2048 tokens at 100 000 a million are 204.8
        assertThat(Pricing.attempt(SampleJobs.strict(2), SampleProvider.of("a").offer()))
                .isEqualTo(Amount.of(205));
        assertThat(Pricing.attempt(
                        SampleJobs.strict(2), SampleProvider.of("a").asking(0).offer()))
                .isEqualTo(Amount.ZERO);
        assertThat(Pricing.attempt(
                        SampleJobs.strict(2), SampleProvider.of("a").asking(1).offer()))
                .isEqualTo(Amount.of(1));
    }

    @Test
    void shouldPriceContainersByTheHoursTheyMayTake() {
        // 3600 s at 3600 an hour
        assertThat(Pricing.attempt(
                        SampleJobs.container(2), SampleProvider.of("a").offer()))
                .isEqualTo(Amount.of(3_600));
    }

    @Test
    void shouldCoverEveryReplicaThatCanBeDue() {
        assertThat(Pricing.payableReplicas(1)).isEqualTo(1);
        assertThat(Pricing.payableReplicas(2)).isEqualTo(3);
        assertThat(Pricing.attemptCeiling(Amount.of(2_500), 2)).isEqualTo(Amount.of(833));
        assertThat(Pricing.bond(Amount.of(205), POLICY)).isEqualTo(Amount.of(205));
    }

    @Test
    void shouldCoverOneRunAndTwoAuditsWithADifferenceEach() {
        // 4 segments and 2 * (4 drawn + 2 for a difference)
        var spec = SampleJobs.audited(VerificationPolicy.FULL_AUDIT);
        assertThat(AuditBudget.of(spec)).contains(new AuditBudget(4, 12));
        assertThat(Pricing.maximum(spec, Amount.of(205))).isEqualTo(Amount.of(820));
        assertThat(Pricing.attemptCeiling(SampleJobs.withPrice(spec, 820))).isEqualTo(Amount.of(205));
        assertThat(Pricing.attemptCeiling(SampleJobs.withPrice(spec, 819))).isEqualTo(Amount.of(204));
        assertThat(AuditBudget.of(SampleJobs.strict(2))).isEmpty();
        assertThat(Pricing.maximum(SampleJobs.strict(2), Amount.of(205))).isEqualTo(Amount.of(615));
    }

    /** Whoever only wants the known pays for what is drawn of the known. */
    @Test
    void shouldCoverWhatIsDrawnOfThoseWhoMayRunIt() {
        // given
        var anybody = SampleJobs.audited(VerificationPolicy.AUDIT);
        var known = SampleJobs.withPlacement(
                anybody, new JobSpec.Placement(List.of(), Decimal.parse("0.83"), List.of(), "any"));

        // then
        assertThat(AuditBudget.of(anybody)).contains(new AuditBudget(4, 12));
        assertThat(AuditBudget.of(known)).contains(new AuditBudget(4, 10));
        assertThat(Pricing.maximum(anybody, Amount.of(1_000))).isGreaterThan(Pricing.maximum(known, Amount.of(1_000)));
    }

    @Test
    void shouldPriceAPartOfARunByItsStepsAndNeverBelowWhatIsAsked() {
        // 8 steps of 2 a segment
        var spec = SampleJobs.audited(VerificationPolicy.AUDIT);
        assertThat(Pricing.part(spec, Amount.of(205), 0, 1)).isEqualTo(Amount.of(52));
        assertThat(Pricing.part(spec, Amount.of(205), 2, 4)).isEqualTo(Amount.of(103));
        assertThat(Pricing.part(spec, Amount.of(205), 0, 4)).isEqualTo(Amount.of(205));
        // an auditor stakes what 20 segments cost: S >= c / q
        assertThat(Pricing.auditorBond(spec, Amount.of(205))).isEqualTo(Amount.of(1_025));
    }

    @Test
    void shouldQuoteOneRunThatEnoughOthersCanAudit() {
        // when
        var quote = Pricing.quote(
                SampleJobs.audited(VerificationPolicy.AUDIT),
                null,
                Parties.BUILDER.address(),
                List.of(view("a", 100_000), view("b", 100_000), view("c", 200_000)),
                POLICY,
                NOW);

        // then
        assertThat(quote.replicas()).isEqualTo(1);
        assertThat(quote.pricePerReplica()).isEqualTo(Amount.of(410));
        assertThat(quote.maximum()).isEqualTo(Amount.of(1_640));
        assertThat(quote.orderSeconds()).isEqualTo(600 + 2 * (3_930 + 600 + 600 + 3_930) + 2 * 3_930 + 60);
        assertThat(quote.warnings()).isEmpty();
    }

    @Test
    void shouldWarnWhenTooFewCouldAudit() {
        // when
        var quote = Pricing.quote(
                SampleJobs.audited(VerificationPolicy.AUDIT),
                null,
                Parties.BUILDER.address(),
                List.of(view("a", 100_000), view("b", 100_000)),
                POLICY,
                NOW);

        // then
        assertThat(quote.warnings()).singleElement().asString().contains("Expected 3 providers of distinct owners");
    }

    @Test
    void shouldLetAnOrderLiveForAllItsReplicasOneAfterTheOther() {
        // 600 queue + 3 * (30 accept + 3600 run + 300 upload) + 60 W
        assertThat(Pricing.orderSeconds(SampleJobs.strict(2), POLICY)).isEqualTo(600 + 3 * 3_930 + 60);
        assertThat(Pricing.latestAssignment(SampleJobs.strict(2), 10_000, POLICY))
                .isEqualTo(Instant.ofEpochSecond(10_000 - 60 - 3_930));
    }

    @Test
    void shouldQuoteTheCheapestFeasibleSet() {
        // when
        var quote = Pricing.quote(
                SampleJobs.strict(2),
                null,
                Parties.BUILDER.address(),
                List.of(view("a", 100_000), view("b", 200_000), view("c", 300_000)),
                POLICY,
                NOW);

        // then
        assertThat(quote.pricePerReplica()).isEqualTo(Amount.of(410));
        assertThat(quote.maximum()).isEqualTo(Amount.of(1_230));
        assertThat(quote.candidates())
                .extracting(candidate -> candidate.price().value().intValue())
                .containsExactly(205, 410, 615);
        assertThat(quote.reasons()).isEmpty();
        assertThat(quote.warnings()).isEmpty();
        assertThat(quote.borders()).isEqualTo(4);
        assertThat(quote.units()).isEqualTo(2_048);
        assertThat(quote.quorum()).isEqualTo(2);
    }

    @Test
    void shouldSayWhichMaximumWouldDo() {
        // when
        var quote = Pricing.quote(
                SampleJobs.withPrice(SampleJobs.strict(2), 600),
                null,
                Parties.BUILDER.address(),
                List.of(view("a", 100_000), view("b", 200_000)),
                POLICY,
                NOW);

        // then
        assertThat(quote.maximum()).isEqualTo(Amount.of(1_230));
        assertThat(quote.reasons()).extracting(reason -> reason.constraint()).contains("price.max");
        assertThat(quote.warnings()).singleElement().asString().contains("raise it to 1230");
    }

    /** Else one dear machine that is idle would have everybody refused who could wait. */
    @Test
    void shouldAskForNoMoreThanThoseWhoAreBusyAskFor() {
        // given two that are cheap and busy with all their stake, and two that are dear and idle
        var spec = SampleJobs.withPrice(SampleJobs.strict(2), 700);
        var busy = Stream.of(view("a", 100_000), view("b", 100_000))
                .map(view -> view.using(1, 0).staked(Amount.ZERO));
        var idle = Stream.of(view("c", 900_000), view("d", 900_000));
        var offers = Stream.concat(busy, idle).toList();
        var builder = Parties.BUILDER.address();

        // when
        var quote = Pricing.quote(spec, null, builder, offers, POLICY, NOW);
        var least = Pricing.leastMaximum(spec, null, builder, offers, PeopledClasses.NONE, POLICY, NOW);

        // then
        assertThat(quote.maximum()).isEqualTo(Amount.of(3 * 1_844));
        assertThat(quote.warnings()).singleElement().asString().contains("raise it to 5532");
        assertThat(least).isEqualTo(Amount.of(3 * 205));
    }

    @Test
    void shouldStillAskForMoreThanNobodyTakes() {
        var spec = SampleJobs.withPrice(SampleJobs.strict(2), 600);
        var offers = List.of(
                view("a", 100_000).using(1, 0), view("b", 100_000).using(1, 0), view("c", 900_000), view("d", 900_000));

        assertThat(Pricing.leastMaximum(
                        spec, null, Parties.BUILDER.address(), offers, PeopledClasses.NONE, POLICY, NOW))
                .isEqualTo(Amount.of(615));
    }

    @Test
    void shouldWarnWhenNobodyFitsOrTheOrderIsTooShort() {
        // given
        var spec = SampleJobs.withDeadlines(SampleJobs.strict(2), new JobSpec.Deadlines(600, 40_000, 300));

        // when
        var quote = Pricing.quote(spec, null, Parties.BUILDER.address(), List.of(), POLICY, NOW);

        // then
        assertThat(quote.orderSeconds()).isEqualTo(86_400);
        assertThat(quote.warnings()).hasSize(2).allMatch(warning -> warning.startsWith("Expected"));
        assertThat(quote.candidates()).isEmpty();
    }

    @Test
    void shouldNotOfferABuilderItsOwnMachines() {
        // given
        var own = view("a", 1);

        // when
        var quote = Pricing.quote(SampleJobs.strict(1), null, own.owner(), List.of(own), POLICY, NOW);

        // then
        assertThat(quote.reasons()).extracting(reason -> reason.constraint()).contains("placement.excludeOwners");
    }

    @Test
    void shouldSayHowLongARunTakesWhereTheSpeedIsKnown() {
        // given
        var run = RunEstimate.of(SampleModels.SMOLLM2, SampleJobs.lora(2)).orElseThrow();
        var offers = List.of(
                lending("a", 60_000_000_000L, 50_000_000_000L, 100_000_000_000L),
                lending("b", 60_000_000_000L, 0),
                lending("c", 60_000_000_000L, 200_000_000_000L));

        // when
        var quote = Pricing.quote(run.spec(), run, Parties.BUILDER.address(), offers, POLICY, NOW);

        // then the slower of two classes counts, and one of the four processors that were measured
        assertThat(quote.candidates())
                .extracting(Candidate::provider, Candidate::seconds)
                .containsExactlyInAnyOrder(
                        tuple(SampleProvider.of("a").id(), (long) Math.ceil(run.operations() * 4 / 5e10)),
                        tuple(SampleProvider.of("b").id(), null),
                        tuple(SampleProvider.of("c").id(), (long) Math.ceil(run.operations() * 4 / 2e11)));
        assertThat(Objects.requireNonNull(quote.estimate()).largest()).isNull();
    }

    @Test
    void shouldSayWhatWouldFitWhereNobodyHasTheMemory() {
        // given the spec asks for less than the run needs
        var run = RunEstimate.of(SampleModels.SMOLLM2, SampleJobs.lora(2)).orElseThrow();
        var offers = List.of(lending("a", 1_100_000_000L, 0), lending("b", 1_500_000_000L, 0));

        // when
        var quote = Pricing.quote(run.spec(), run, Parties.BUILDER.address(), offers, POLICY, NOW);

        // then
        var estimate = Objects.requireNonNull(quote.estimate());
        var largest = Objects.requireNonNull(estimate.largest());
        assertThat(quote.candidates()).isEmpty();
        assertThat(estimate.required()).isGreaterThan(1_500_000_000L);
        assertThat(largest.memory()).isEqualTo(1_100_000_000L);
        assertThat(largest.kind()).isEqualTo("class 0");
        assertThat(quote.reasons()).extracting(NoMatchReason::constraint).contains("estimate.memory");
        assertThat(quote.warnings())
                .anyMatch(warning -> warning.contains("resources.memory to hold the run"))
                .anyMatch(warning -> warning.contains("in the roomiest class, class 0, they have 1.10 GB"));
    }

    /** Holds the image in as many classes as speeds are given. */
    private static OfferView lending(String name, long memory, long... flops) {
        var classes = IntStream.range(0, flops.length)
                .mapToObj(i -> new ImageClass(
                        SampleJobs.lora(2).image(), Parties.digest("class " + i), "class " + i, false, flops[i]))
                .toArray(ImageClass[]::new);
        return view(
                SampleProvider.of(name),
                anOffer().at(1).lending(4, memory).holding(classes).build());
    }

    private static OfferView view(String name, long price) {
        var provider = SampleProvider.of(name).asking(price);
        return view(provider, provider.offer());
    }

    private static OfferView view(SampleProvider provider, Offer offer) {
        return new OfferView(
                provider.id(),
                provider.address(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                offer,
                Amount.of(1_000_000),
                0,
                0,
                Decimal.ZERO,
                Standing.GOOD);
    }
}
