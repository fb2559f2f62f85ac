package io.perigee.market.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.WorkKinds;
import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every way of matching must keep: the scan, and the index. */
abstract class MatchingContract {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobSpec SPEC = SampleJobs.strict(2);
    private static final ClassDemand OPEN = new ClassDemand.OfImage(SPEC.image(), false);
    private static final Digest SHARED = Parties.digest("shared");
    private static final Digest PRIVATE = Parties.digest("private");

    abstract Match match(PlacementRequest request, JobSpec spec, List<OfferView> offers);

    @Test
    void shouldTakeTheCheapestOfDistinctOwners() {
        // given the two cheapest belong to one owner
        var offers = List.of(
                view(SampleProvider.of("dear").asking(300_000)),
                view(SampleProvider.of("x1").ownedBy("x").asking(100_000)),
                view(SampleProvider.of("x2").ownedBy("x").asking(101_000)),
                view(SampleProvider.of("y").asking(200_000)));

        // when
        var match = match(request(2), SPEC, offers);

        // then
        assertThat(names(match))
                .containsExactly(
                        SampleProvider.of("x1").id().value(),
                        SampleProvider.of("y").id().value());
        assertThat(((Match.Found) match).numericClass()).isEqualTo(NumericClass.STRICT);
    }

    @Test
    void shouldChooseTheSameWhateverTheOrderOfOffers() {
        // given equal prices
        var offers = new ArrayList<>(IntStream.range(0, 20)
                .mapToObj(i -> view(SampleProvider.of("p" + i)))
                .toList());
        var first = names(match(request(3), SPEC, offers));
        Collections.shuffle(offers, new Random(7));

        // when
        var again = names(match(request(3), SPEC, offers));

        // then
        assertThat(again).isEqualTo(first);
    }

    @Test
    void shouldBreakTiesByTheSeedAlone() {
        // given
        var offers = IntStream.range(0, 20)
                .mapToObj(i -> view(SampleProvider.of("p" + i)))
                .toList();

        // when
        var choices = IntStream.range(0, 10)
                .mapToObj(i -> names(match(seeded(request(1), "seed " + i), SPEC, offers)))
                .distinct();

        // then
        assertThat(choices.count()).isGreaterThan(4);
    }

    @Test
    void shouldAgreeWithTryingEveryPair() {
        var random = new Random(11);
        for (int round = 0; round < 200; round++) {
            // given
            var offers = IntStream.range(0, 8)
                    .mapToObj(i -> offered(
                            view(SampleProvider.of("p" + i)
                                    .ownedBy("o" + random.nextInt(4))
                                    .asking(1 + random.nextInt(2_000_000))),
                            classes(random)))
                    .toList();
            var request = demanding(request(2), new ClassDemand.OfImage(SPEC.image(), false));

            // when
            var match = match(request, SPEC, offers);

            // then
            var best = cheapestPair(request, offers);
            assertThat(
                            match instanceof Match.Found found
                                    ? found.total().value().longValueExact()
                                    : -1)
                    .isEqualTo(best);
        }
    }

    private static UnaryOperator<Offer> classes(Random random) {
        var classes = new ArrayList<Digest>();
        for (var name : List.of("c1", "c2", "c3")) {
            if (random.nextBoolean()) {
                classes.add(Parties.digest(name));
            }
        }
        return offer -> with(offer, classes, offer.gpus(), offer.memory(), offer.disk(), offer.cpus(), offer.region());
    }

    private static long cheapestPair(PlacementRequest request, List<OfferView> offers) {
        long best = -1;
        for (var a : offers) {
            for (var b : offers) {
                var shared =
                        a.offer().numericClasses().stream().anyMatch(b.offer().numericClasses()::contains);
                if (!a.owner().equals(b.owner())
                        && shared
                        && Constraint.allKept(a, SPEC, request)
                        && Constraint.allKept(b, SPEC, request)) {
                    long total = price(a) + price(b);
                    best = best < 0 ? total : Math.min(best, total);
                }
            }
        }
        return best;
    }

    private static long price(OfferView view) {
        return Pricing.attempt(SPEC, view.offer()).value().longValueExact();
    }

    @Test
    void shouldDrawByStakeAndNotByPrice() {
        // given a cheap owner with little stake and a dear one with much
        var rich = staked(view(SampleProvider.of("rich").asking(300_000)), 9_900);
        var cheap = staked(view(SampleProvider.of("cheap").asking(1)), 100);
        // when
        long wins = wins(rich, new ClassDemand.Fixed(NumericClass.STRICT), List.of(cheap, rich));

        // then
        assertThat(wins).isBetween(480L, 500L);
    }

    @Test
    void shouldDrawByStakeAndNotByPriceWhereTheClassIsOpen() {
        // given owners who share a class, and friends with 1 % of the stake who ask next to nothing in one of their own
        var honest = IntStream.range(0, 9)
                .mapToObj(i -> inClasses(SampleProvider.of("honest" + i).asking(300_000), 1_100, SHARED))
                .toList();
        var friend = inClasses(SampleProvider.of("friend").asking(1), 100, PRIVATE);

        // when
        long wins = wins(
                friend, OPEN, Stream.concat(honest.stream(), Stream.of(friend)).toList());

        // then
        assertThat(wins).isBetween(0L, 15L);
    }

    @Test
    void shouldDrawNobodyMoreOftenForNamingManyClasses() {
        // given
        var honest = inClasses(SampleProvider.of("honest").asking(300_000), 9_900, SHARED);
        var friend = inClasses(
                SampleProvider.of("friend").asking(1),
                100,
                IntStream.range(0, 50).mapToObj(i -> Parties.digest("own" + i)).toArray(Digest[]::new));

        // when
        long wins = wins(friend, OPEN, List.of(honest, friend));

        // then
        assertThat(wins).isBetween(0L, 15L);
    }

    /** Of 500 draws. */
    private long wins(OfferView of, ClassDemand demand, List<OfferView> offers) {
        var request = new PlacementRequest(
                1,
                Set.of(),
                demand,
                null,
                PlacementRequest.Selection.BY_STAKE,
                Amount.of(833),
                1,
                NOW,
                NOW,
                Digest.ZERO);
        return IntStream.range(0, 500)
                .filter(i -> names(match(seeded(request, "s" + i), SPEC, offers))
                        .contains(of.provider().value()))
                .count();
    }

    @Test
    void shouldTakeNoClassOfAFewWhereOneHasEnoughBehindIt() {
        // given friends who ask less in a class of their own
        var offers = List.of(
                inClasses(SampleProvider.of("a").asking(200_000), 1_000_000, SHARED),
                inClasses(SampleProvider.of("b").asking(200_000), 1_000_000, SHARED),
                inClasses(SampleProvider.of("x").asking(100_000), 1_000_000, PRIVATE),
                inClasses(SampleProvider.of("y").asking(100_000), 1_000_000, PRIVATE));
        var named = new ClassDemand.Fixed(PRIVATE);

        // when
        var young = match(demanding(request(2), OPEN), SPEC, offers);
        var peopled = match(demanding(request(2), OPEN).within(Set.of(SHARED)), SPEC, offers);
        var byName = match(demanding(request(2), named).within(Set.of(SHARED)), SPEC, offers);
        var tooMany = match(demanding(request(3), OPEN).within(Set.of(SHARED)), SPEC, offers);

        // then
        assertThat(((Match.Found) young).numericClass()).isEqualTo(PRIVATE);
        assertThat(((Match.Found) peopled).numericClass()).isEqualTo(SHARED);
        assertThat(((Match.Found) byName).numericClass()).isEqualTo(PRIVATE);
        assertThat(((Match.None) tooMany).reasons())
                .filteredOn(reason -> reason.constraint().equals("placement.numericClass"))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.lost()).isEqualTo(2);
                    assertThat(reason.detail()).contains("where none is named", SHARED.value());
                });
    }

    private static OfferView inClasses(SampleProvider provider, long stake, Digest... classes) {
        return staked(
                offered(
                        view(provider),
                        offer -> with(
                                offer,
                                List.of(classes),
                                offer.gpus(),
                                offer.memory(),
                                offer.disk(),
                                offer.cpus(),
                                offer.region())),
                stake);
    }

    @Test
    void shouldSayForEachConstraintHowManyOffersItLost() {
        var ok = view(SampleProvider.of("ok"));
        expect("placement.excludeOwners", SPEC, request(1, Set.of(ok.owner())), ok);
        expect(
                "placement.numericClass",
                SPEC,
                demanding(request(1), new ClassDemand.Fixed(Parties.digest("other"))),
                ok);
        expect(
                "resources.cpu",
                resources(new JobSpec.Resources(new JobSpec.GpuNeed(0, 0, List.of()), 99, 1, 1)),
                request(1),
                ok);
        expect(
                "resources.memory",
                resources(new JobSpec.Resources(new JobSpec.GpuNeed(0, 0, List.of()), 1, 1L << 60, 1)),
                request(1),
                ok);
        expect(
                "resources.disk",
                resources(new JobSpec.Resources(new JobSpec.GpuNeed(0, 0, List.of()), 1, 1, 1L << 60)),
                request(1),
                ok);
        expect(
                "resources.gpu",
                resources(new JobSpec.Resources(new JobSpec.GpuNeed(1, 0, List.of()), 1, 1, 1)),
                request(1),
                ok);
        expect(
                "placement.regions",
                SampleJobs.withPlacement(SPEC, new JobSpec.Placement(List.of("eu"), Decimal.ZERO, List.of(), "any")),
                request(1),
                ok);
        expect(
                "placement.minReputation",
                SampleJobs.withPlacement(
                        SPEC, new JobSpec.Placement(List.of(), Decimal.parse("0.5"), List.of(), "any")),
                request(1),
                ok);
        expect("price.max", SPEC, request(1), view(SampleProvider.of("dear").asking(10_000_000)));
        expect("stake", SPEC, request(1), staked(ok, 10));
        expect("registration", SPEC, request(1), standing(ok, Standing.UNREGISTERED));
        expect("sessionKey", SPEC, request(1), standing(ok, Standing.REVOKED));
        expect("sessionKey", SPEC, request(1), expiring(ok));
        expect("slots", SPEC, request(1), busy(ok));
    }

    @Test
    void shouldFitGpusByModelMemoryAndWhatIsFree() {
        // given
        var gpu = new Gpu("NVIDIA H200", 140_000_000_000L, "9.0", "570");
        var view = offered(
                view(SampleProvider.of("gpu")),
                offer -> with(
                        offer,
                        offer.numericClasses(),
                        List.of(gpu, gpu),
                        offer.memory(),
                        offer.disk(),
                        offer.cpus(),
                        offer.region()));
        var one = resources(new JobSpec.Resources(new JobSpec.GpuNeed(1, 80_000_000_000L, List.of("h200")), 1, 1, 1));
        var three = resources(new JobSpec.Resources(new JobSpec.GpuNeed(3, 0, List.of()), 1, 1, 1));
        var other = resources(new JobSpec.Resources(new JobSpec.GpuNeed(1, 0, List.of("A100")), 1, 1, 1));

        // then
        assertThat(match(request(1), one, List.of(view))).isInstanceOf(Match.Found.class);
        assertThat(match(request(1), three, List.of(view))).isInstanceOf(Match.None.class);
        assertThat(match(request(1), other, List.of(view))).isInstanceOf(Match.None.class);
    }

    @Test
    void shouldNotMixClasses() {
        // given two owners that share no class
        var a = offered(
                view(SampleProvider.of("a")),
                offer -> with(
                        offer,
                        List.of(Parties.digest("avx2")),
                        offer.gpus(),
                        offer.memory(),
                        offer.disk(),
                        offer.cpus(),
                        offer.region()));
        var b = offered(
                view(SampleProvider.of("b")),
                offer -> with(
                        offer,
                        List.of(Parties.digest("avx512")),
                        offer.gpus(),
                        offer.memory(),
                        offer.disk(),
                        offer.cpus(),
                        offer.region()));

        // when
        var match = match(demanding(request(2), new ClassDemand.OfImage(SPEC.image(), false)), SPEC, List.of(a, b));

        // then
        assertThat(((Match.None) match).reasons()).singleElement().satisfies(reason -> assertThat(reason.detail())
                .contains("2 of 2 offers fit, of 2 owners"));
    }

    @Test
    void shouldRunATrainerOnlyInClassesThatItsOwnImageNamed() {
        // given
        var image = SPEC.image();
        var other = new ImageClass(Parties.content("another image"), Parties.digest("other"), "avx2", false, 0);
        var wide = new ImageClass(image, Parties.digest("wide"), "avx512", false, 0);
        var narrow = new ImageClass(image, Parties.digest("narrow"), "avx2", false, 0);
        var gpu = new ImageClass(image, Parties.digest("gpu"), "cuda", true, 0);
        var demand = new ClassDemand.OfImage(image, false);
        UnaryOperator<Offer> all = offer -> holding(offer, other, wide, narrow, gpu);
        UnaryOperator<Offer> old = offer -> holding(offer, other, narrow, gpu);
        UnaryOperator<Offer> none = offer -> holding(offer, other, gpu);

        // when
        var shared = match(
                demanding(request(2), demand),
                SPEC,
                List.of(
                        offered(view(SampleProvider.of("a").ownedBy("a")), all),
                        offered(view(SampleProvider.of("b").ownedBy("b")), old)));
        var alone = match(
                demanding(request(2), demand),
                SPEC,
                List.of(
                        offered(view(SampleProvider.of("a").ownedBy("a")), all),
                        offered(view(SampleProvider.of("b").ownedBy("b")), none)));

        // then
        assertThat(((Match.Found) shared).numericClass()).isEqualTo(narrow.numericClass());
        assertThat(((Match.None) alone).reasons())
                .extracting(NoMatchReason::constraint)
                .containsExactly("placement.numericClass", "verification.replicas");
    }

    private static Offer holding(Offer o, ImageClass... images) {
        return new Offer(
                o.hardware(),
                Stream.concat(Stream.of(NumericClass.STRICT), Stream.of(images).map(ImageClass::numericClass))
                        .toList(),
                List.of(images),
                o.perMillionTokens(),
                o.perHour(),
                o.slots(),
                o.memory(),
                o.disk(),
                o.cpus(),
                o.gpus(),
                o.region());
    }

    @Test
    void shouldRunNothingButTheStrictTrainerInTheClassThatBurnsBonds() {
        // given
        var placement = new JobSpec.Placement(List.of(), Decimal.ZERO, List.of(), NumericClass.STRICT.value());
        var spec = SampleJobs.withPlacement(SampleJobs.container(2), placement);

        // then
        assertThat(WorkKinds.of(spec).classDemand(spec)).isEqualTo(new ClassDemand.Unclassed());
        var lora = SampleJobs.withPlacement(SampleJobs.lora(2), placement);
        assertThat(WorkKinds.of(lora).classDemand(lora)).isEqualTo(new ClassDemand.OfImage(lora.image(), false));
        assertThat(WorkKinds.of(SPEC).classDemand(SPEC)).isEqualTo(new ClassDemand.Fixed(NumericClass.STRICT));
    }

    private void expect(String constraint, JobSpec spec, PlacementRequest request, OfferView offer) {
        var match = match(request, spec, List.of(offer));
        assertThat(match).as(constraint).isInstanceOf(Match.None.class);
        assertThat(((Match.None) match).reasons())
                .extracting(NoMatchReason::constraint)
                .containsExactly(constraint, "verification.replicas");
    }

    private static List<String> names(Match match) {
        return ((Match.Found) match)
                .picks().stream().map(pick -> pick.view().provider().value()).toList();
    }

    private static PlacementRequest request(int count) {
        return request(count, Set.of());
    }

    private static PlacementRequest request(int count, Set<Address> excluded) {
        return new PlacementRequest(
                count,
                excluded,
                new ClassDemand.Fixed(NumericClass.STRICT),
                null,
                PlacementRequest.Selection.CHEAPEST,
                Amount.of(5_000),
                100,
                NOW,
                NOW.plusSeconds(60),
                Digest.ZERO);
    }

    private static PlacementRequest seeded(PlacementRequest r, String seed) {
        return new PlacementRequest(
                r.count(),
                r.excludedOwners(),
                r.demand(),
                r.estimate(),
                r.selection(),
                r.attemptCeiling(),
                r.bondPercent(),
                r.issuedAt(),
                r.leaseUntil(),
                Parties.digest(seed));
    }

    private static PlacementRequest demanding(PlacementRequest r, ClassDemand demand) {
        return new PlacementRequest(
                r.count(),
                r.excludedOwners(),
                demand,
                r.estimate(),
                r.selection(),
                r.attemptCeiling(),
                r.bondPercent(),
                r.issuedAt(),
                r.leaseUntil(),
                r.seed());
    }

    private static JobSpec resources(JobSpec.Resources resources) {
        return SampleJobs.withResources(SPEC, resources);
    }

    private static OfferView view(SampleProvider provider) {
        return view(
                provider.sessionKey(), provider.sessionKeySignature(), provider.offer(), 1_000_000, 0, Standing.GOOD);
    }

    private static OfferView staked(OfferView v, long stake) {
        return view(v.sessionKey(), v.sessionKeySignature(), v.offer(), stake, 0, Standing.GOOD);
    }

    private static OfferView busy(OfferView v) {
        return view(v.sessionKey(), v.sessionKeySignature(), v.offer(), 1_000_000, 1, Standing.GOOD);
    }

    private static OfferView standing(OfferView v, Standing standing) {
        return view(v.sessionKey(), v.sessionKeySignature(), v.offer(), 1_000_000, 0, standing);
    }

    private static OfferView expiring(OfferView v) {
        var k = v.sessionKey();
        var key = new SessionKey(k.owner(), k.provider(), k.key(), k.hub(), k.serial(), 0, NOW.getEpochSecond() + 59);
        return view(key, v.sessionKeySignature(), v.offer(), 1_000_000, 0, Standing.GOOD);
    }

    private static OfferView offered(OfferView v, UnaryOperator<Offer> change) {
        return view(v.sessionKey(), v.sessionKeySignature(), change.apply(v.offer()), 1_000_000, 0, Standing.GOOD);
    }

    private static OfferView view(
            SessionKey key, Signature signature, Offer offer, long stake, int usedSlots, Standing standing) {
        return new OfferView(
                key.provider(),
                key.owner(),
                key,
                signature,
                offer,
                Amount.of(stake),
                usedSlots,
                0,
                Decimal.ZERO,
                standing);
    }

    private static Offer with(
            Offer o, List<Digest> classes, List<Gpu> gpus, long memory, long disk, int cpus, String region) {
        var images = classes.stream()
                .map(each -> new ImageClass(SPEC.image(), each, "avx2", false, 0))
                .toList();
        return new Offer(
                o.hardware(),
                classes,
                images,
                o.perMillionTokens(),
                o.perHour(),
                o.slots(),
                memory,
                disk,
                cpus,
                gpus,
                region);
    }
}
