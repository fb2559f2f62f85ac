package io.perigee.market.matching;

import static io.perigee.testkit.data.OfferBuilder.anOffer;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.kind.WorkKinds;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.rest.Estimate;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.data.OfferBuilder;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleModels;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LargestFitTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    /** SmolLM2-135M at 16 x 256 tokens: far above the gigabyte that its spec asks for. */
    private static final JobSpec SPEC = lora(16, 256, 0);

    private static final RunEstimate RUN =
            RunEstimate.of(SampleModels.SMOLLM2, SPEC).orElseThrow();
    private static final ImageClass WIDE = held("avx512", false);
    private static final ImageClass NARROW = held("avx2", false);
    private static final ImageClass CUDA = held("cuda", true);

    @Test
    void shouldPlaceOnlyWhereTheEstimatedPeakAndTheMarginFit() {
        // given the spec asks for a gigabyte, which both have
        long peak = RUN.memory().total();

        // then
        assertThat(match(SPEC, cpu("a", RUN.required()), cpu("b", RUN.required())))
                .isInstanceOf(Match.Found.class);
        assertThat(match(SPEC, cpu("a", RUN.required()), cpu("b", peak))).isInstanceOf(Match.None.class);
    }

    @Test
    void shouldKeepTheSpecsOwnNumberAsLowerBound() {
        // given
        var demanding = SampleJobs.withResources(
                SPEC, new JobSpec.Resources(SPEC.resources().gpu(), 1, RUN.required() + 1, 1_000_000_000));

        // then
        assertThat(match(demanding, cpu("a", RUN.required()), cpu("b", RUN.required())))
                .isInstanceOf(Match.None.class);
    }

    @Test
    void shouldGoByTheSpecWhereTheBaseIsNotKnown() {
        // given
        var offers = List.of(cpu("a", 1_000_000_000), cpu("b", 1_000_000_000));

        // when
        var match = Matcher.match(request(SPEC, null), SPEC, offers);

        // then
        assertThat(match).isInstanceOf(Match.Found.class);
        assertThat(LargestFit.of(request(SPEC, null), SPEC, offers)).isEmpty();
    }

    @Test
    void shouldSayInTheReasonWhatWouldFitAndWhere() {
        // when
        var match = (Match.None) match(SPEC, cpu("a", 3_000_000_000L), cpu("b", 2_500_000_000L));

        // then
        var largest = largest(SPEC, cpu("a", 3_000_000_000L), cpu("b", 2_500_000_000L));
        assertThat(match.reasons())
                .filteredOn(reason -> reason.constraint().equals("estimate.memory"))
                .singleElement()
                .extracting(NoMatchReason::detail)
                .asString()
                .startsWith("2 of 2 offers have less memory than one run is estimated to need: ")
                .endsWith(
                        "the roomiest class of providers, avx512, has 2.50 GB, where microBatch %d at seqLen 256 or seqLen %d at microBatch 16 would fit"
                                .formatted(largest.microBatch(), largest.seqLen()));
    }

    @Test
    void shouldPlaceTheJobItProposes() {
        // given
        var offers = new OfferView[] {cpu("a", 3_000_000_000L), cpu("b", 2_500_000_000L)};

        // when
        var largest = largest(SPEC, offers);

        // then
        assertThat(largest.provider()).isEqualTo(SampleProvider.of("b").id());
        assertThat(match(lora(largest.microBatch(), 256, 0), offers)).isInstanceOf(Match.Found.class);
        assertThat(match(lora(16, largest.seqLen(), 0), offers)).isInstanceOf(Match.Found.class);
        assertThat(match(lora(largest.microBatch() + 1, 256, 0), offers)).isInstanceOf(Match.None.class);
        assertThat(match(lora(16, largest.seqLen() + 1, 0), offers)).isInstanceOf(Match.None.class);
    }

    @Test
    void shouldNameTheClassInWhichEnoughOwnersHaveMost() {
        // given one owner with much in one class, and two with less in another
        var alone = view("alone", anOffer().lending(4, 60_000_000_000L).holding(WIDE));
        var offers = new OfferView[] {
            alone,
            view("b", anOffer().lending(4, 2_000_000_000L).holding(NARROW)),
            view("c", anOffer().lending(4, 1_900_000_000L).holding(NARROW))
        };

        // when
        var largest = largest(SPEC, offers);

        // then
        assertThat(largest)
                .extracting(Estimate.Largest::numericClass, Estimate.Largest::kind, Estimate.Largest::memory)
                .containsExactly(NARROW.numericClass(), "avx2", 1_900_000_000L);
    }

    @Test
    void shouldLookPastWhatPassesButNotPastWhatStays() {
        // given the roomy are busy, or of the builder's own
        var busy = new OfferView[] {busy(cpu("a", RUN.required())), busy(cpu("b", RUN.required()))};
        var own = ownedBy("builder", cpu("own", RUN.required()));

        // then
        assertThat(LargestFit.of(request(SPEC, RUN), SPEC, List.of(busy))).isEmpty();
        assertThat(largest(SPEC, own, cpu("a", 2_000_000_000L)).memory()).isEqualTo(2_000_000_000L);
        assertThat(LargestFit.of(request(SPEC, RUN), SPEC, List.of(own))).isEmpty();
    }

    @Test
    void shouldCountTheMemoryOfEachGpuAskedFor() {
        // given a machine of much memory and small GPUs: a trainer keeps everything on one
        var spec = lora(16, 256, 2);
        var small = new Gpu("Tiny", 2_000_000_000L, "9.0", "1");
        var offers = new OfferView[] {gpus("a", small, small, small), gpus("b", small, small)};

        // when
        var largest = largest(spec, offers);

        // then
        assertThat(match(spec, offers)).isInstanceOf(Match.None.class);
        assertThat(largest)
                .extracting(Estimate.Largest::kind, Estimate.Largest::memory)
                .containsExactly("Tiny", 2_000_000_000L);
    }

    @Test
    void shouldNotPlaceOnASmallGpuBecauseABigOneIsInUse() {
        // given
        var spec = lora(16, 256, 1);
        var big = new Gpu("Big", 80_000_000_000L, "9.0", "1");
        var small = new Gpu("Small", 2_000_000_000L, "9.0", "1");

        // then
        assertThat(match(spec, gpus("a", big, small), gpus("b", big, small))).isInstanceOf(Match.Found.class);
        assertThat(match(spec, using(1, gpus("a", big, small)), gpus("b", big, small)))
                .isInstanceOf(Match.None.class);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 64, microBatch 2 at seqLen 256 or seqLen 64 at microBatch 16",
        "2, 0, microBatch 2 at seqLen 256",
        "0, 64, seqLen 64 at microBatch 16",
        "0, 0, neither a smaller microBatch nor a shorter seqLen"
    })
    void shouldSayItInOneSentence(int microBatch, int seqLen, String fits) {
        // given
        var largest = new Estimate.Largest(
                SampleProvider.of("a").id(), Digest.ZERO, "avx512", 1_999_999_999L, microBatch, seqLen);

        // then
        assertThat(LargestFit.words(largest, RUN.train()))
                .isEqualTo("the roomiest class of providers, avx512, has 1.99 GB, where " + fits + " would fit");
    }

    private static Match match(JobSpec spec, OfferView... offers) {
        var run = RunEstimate.of(SampleModels.SMOLLM2, spec).orElseThrow();
        return Matcher.match(request(spec, run), spec, List.of(offers));
    }

    private static Estimate.Largest largest(JobSpec spec, OfferView... offers) {
        var run = RunEstimate.of(SampleModels.SMOLLM2, spec).orElseThrow();
        return LargestFit.of(request(spec, run), spec, List.of(offers)).orElseThrow();
    }

    private static PlacementRequest request(JobSpec spec, @Nullable RunEstimate run) {
        ClassDemand demand = WorkKinds.of(spec).classDemand(spec);
        return new PlacementRequest(
                2,
                Set.of(SampleProvider.of("builder").address()),
                demand,
                run,
                PlacementRequest.Selection.CHEAPEST,
                Amount.of(1_000_000),
                100,
                NOW,
                NOW.plusSeconds(60),
                Digest.ZERO);
    }

    private static JobSpec lora(int microBatch, int seqLen, int gpus) {
        var spec = SampleJobs.withResources(
                SampleJobs.lora(2),
                new JobSpec.Resources(new JobSpec.GpuNeed(gpus, 0, List.of()), 1, 1_000_000_000, 1_000_000_000));
        return spec.training(Objects.requireNonNull(spec.train()).shaped(microBatch, seqLen));
    }

    private static ImageClass held(String kernels, boolean gpu) {
        return new ImageClass(SampleJobs.lora(2).image(), Parties.digest(kernels), kernels, gpu, 0);
    }

    private static OfferView cpu(String name, long memory) {
        return view(name, anOffer().lending(4, memory).holding(WIDE));
    }

    private static OfferView gpus(String name, Gpu... gpus) {
        return view(name, anOffer().lending(4, 64_000_000_000L).with(gpus).holding(CUDA));
    }

    private static OfferView view(String name, OfferBuilder offer) {
        var provider = SampleProvider.of(name);
        return new OfferView(
                provider.id(),
                provider.address(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                offer.build(),
                Amount.of(1_000_000),
                0,
                0,
                Decimal.ZERO,
                Standing.GOOD);
    }

    private static OfferView busy(OfferView view) {
        return with(view, view.owner(), 1, 0);
    }

    private static OfferView using(int gpus, OfferView view) {
        return with(view, view.owner(), 0, gpus);
    }

    private static OfferView ownedBy(String owner, OfferView view) {
        return with(view, SampleProvider.of(owner).address(), 0, 0);
    }

    private static OfferView with(OfferView v, Address owner, int slots, int gpus) {
        return new OfferView(
                v.provider(),
                owner,
                v.sessionKey(),
                v.sessionKeySignature(),
                v.offer(),
                v.freeStake(),
                slots,
                gpus,
                v.reputation(),
                v.standing());
    }
}
