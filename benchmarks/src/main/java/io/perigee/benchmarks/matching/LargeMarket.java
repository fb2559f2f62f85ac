package io.perigee.benchmarks.matching;

import io.perigee.market.kind.ClassDemand;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.market.matching.Standing;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Many providers and the jobs they wait for, from a seed: 24 GPU models and 12 regions by Zipf's law, prices within a
 * factor of four around a base by memory, reputations from 0 to 1, a quarter as many owners as providers, some with many.
 */
public final class LargeMarket {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long GB = 1_000_000_000L;
    private static final int MODELS = 24;
    private static final int REGIONS = 12;
    private static final long[] VRAM = {8, 12, 16, 24, 32, 40, 48, 80, 96, 141, 180, 192};
    private static final SampleProvider SAMPLE = SampleProvider.of("sample");
    private static final Offer OFFER = SAMPLE.offer();
    private static final JobSpec SPEC = SampleJobs.strict(2);

    private final Random random;
    private final int providers;
    private final List<List<Gpu>> models = IntStream.range(0, MODELS)
            .mapToObj(model -> List.of(new Gpu("model-%02d".formatted(model), vram(model) * GB, "9.0", "570")))
            .toList();
    private final List<String> regions =
            IntStream.range(0, REGIONS).mapToObj("region-%02d"::formatted).toList();

    public LargeMarket(int providers, long seed) {
        this.providers = providers;
        this.random = new Random(seed);
    }

    /** A job and what it asks of matching. */
    public record Wanted(JobSpec spec, PlacementRequest request) {}

    public List<OfferView> offers() {
        return Stream.generate(this::offer).limit(providers).toList();
    }

    public List<Wanted> jobs(int many) {
        return Stream.generate(this::job).limit(many).toList();
    }

    /** The same offer at a price up to so many hundredths higher or lower. */
    public OfferView repriced(OfferView view, int percent) {
        long price = view.offer().perMillionTokens().value().longValueExact();
        long change = price * (random.nextInt(2 * percent * 100 + 1) - percent * 100L) / 10_000;
        return with(view, price(view.offer(), Math.max(1, price + change)));
    }

    private OfferView offer() {
        var owner = Address.parse("0x%040x".formatted(1 + (int) (providers / 4.0 * Math.pow(random.nextDouble(), 2))));
        int model = zipf(MODELS);
        var offer = new Offer(
                OFFER.hardware(),
                OFFER.numericClasses(),
                List.of(),
                Amount.of((long) (vram(model) * 50_000 * Math.pow(2, 2 * random.nextDouble() - 1))),
                OFFER.perHour(),
                1 + random.nextInt(4),
                64 * GB,
                500 * GB,
                16,
                models.get(model),
                regions.get(zipf(REGIONS)));
        return new OfferView(
                ProviderId.parse(digest().value()),
                owner,
                key(owner),
                SAMPLE.sessionKeySignature(),
                offer,
                Amount.of(1L << 60),
                0,
                0,
                thousandths(random.nextInt(1_001)),
                Standing.GOOD);
    }

    private Wanted job() {
        int model = zipf(MODELS);
        boolean one = random.nextBoolean();
        var gpu = new JobSpec.GpuNeed(
                1,
                one ? 0 : vram(model) * GB,
                one ? List.of(models.get(model).getFirst().model()) : List.of());
        var placement = new JobSpec.Placement(
                random.nextInt(10) < 4 ? List.of(regions.get(zipf(REGIONS))) : List.of(),
                thousandths(random.nextInt(1_001)),
                List.of(),
                "any");
        var spec = SampleJobs.withPlacement(
                SampleJobs.withResources(SPEC, new JobSpec.Resources(gpu, 4, 16 * GB, 50 * GB)), placement);
        long highest = (long) (vram(model) * 50_000 * Math.pow(2, 2 * random.nextDouble() - 1));
        return new Wanted(
                spec,
                new PlacementRequest(
                        2,
                        Set.of(Address.parse("0x%040x".formatted(1 + random.nextInt(providers)))),
                        new ClassDemand.Fixed(NumericClass.STRICT),
                        null,
                        PlacementRequest.Selection.CHEAPEST,
                        Amount.of(highest).mulDivFloor(spec.units(), 1_000_000),
                        100,
                        NOW,
                        NOW.plusSeconds(4_000),
                        digest()));
    }

    private static SessionKey key(Address owner) {
        var sample = SAMPLE.sessionKey();
        return new SessionKey(
                owner,
                sample.provider(),
                sample.key(),
                Parties.HUB.address(),
                1,
                sample.notBefore(),
                sample.expiresAt());
    }

    private static Offer price(Offer o, long price) {
        return new Offer(
                o.hardware(),
                o.numericClasses(),
                o.images(),
                Amount.of(price),
                o.perHour(),
                o.slots(),
                o.memory(),
                o.disk(),
                o.cpus(),
                o.gpus(),
                o.region());
    }

    private static OfferView with(OfferView v, Offer offer) {
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

    private Digest digest() {
        return Digest.parse("0x%016x%016x%016x%016x"
                .formatted(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
    }

    private static Decimal thousandths(int many) {
        return Decimal.of((double) many / 1_000);
    }

    private static long vram(int model) {
        return VRAM[model * 7 % VRAM.length];
    }

    /** A number below a bound; the k-th is taken in proportion to 1/k. */
    private int zipf(int bound) {
        double all = Math.log(bound + 1);
        return Math.min(bound - 1, (int) Math.exp(random.nextDouble() * all) - 1);
    }
}
