package io.perigee.market.matching;

import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.kind.WorkKinds;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleModels;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Offers of every kind and jobs that ask for anything, from a seed. */
final class RandomMarket {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ContentId IMAGE = SampleJobs.strict(1).image();
    private static final Signature SIGNATURE = SampleProvider.of("p").sessionKeySignature();
    private static final List<String> REGIONS = List.of("", "eu", "us", "ap");
    private static final List<String> MODELS = List.of("NVIDIA H200", "NVIDIA A100", "RTX 4090");
    private static final long GB = 1_000_000_000L;

    private final Random random;
    private boolean oneKind;
    private final Map<Address, Amount> stakes = new HashMap<>();
    final Map<ProviderId, OfferView> offers = new LinkedHashMap<>();

    RandomMarket(long seed) {
        this.random = new Random(seed);
    }

    /** A job and what it asks of matching. */
    record Wanted(JobSpec spec, PlacementRequest request) {}

    List<OfferView> views() {
        return List.copyOf(offers.values());
    }

    OfferView add(OfferView view) {
        offers.put(view.provider(), view);
        return view;
    }

    /** From now on all offers are of one kind, so that they are one large group. */
    void beOfOneKind() {
        oneKind = true;
    }

    /** A new offer of one of so many owners. */
    OfferView offer(int owners) {
        return offer(owner(random.nextInt(owners)), price());
    }

    OfferView offer(Address owner, Amount price) {
        var bytes = new byte[Digest.BYTES];
        random.nextBytes(bytes);
        return view(ProviderId.of(bytes), owner, price);
    }

    static Address owner(int number) {
        return Address.parse("0x%040x".formatted(number + 1));
    }

    /** The same provider with another price, and much else. */
    OfferView changed(OfferView before) {
        return switch (random.nextInt(4)) {
            case 0 -> view(before.provider(), before.owner(), price());
            case 1 -> before.using(random.nextInt(4), random.nextInt(2));
            case 2 -> priced(before, price());
            default -> view(before.provider(), owner(random.nextInt(40)), price());
        };
    }

    OfferView priced(OfferView v, Amount price) {
        return with(v, price, v.offer().gpus());
    }

    OfferView withGpu(OfferView v, Gpu gpu) {
        return with(v, v.offer().perMillionTokens(), List.of(gpu));
    }

    private static OfferView with(OfferView v, Amount price, List<Gpu> gpus) {
        var o = v.offer();
        var offer = new Offer(
                o.hardware(),
                o.numericClasses(),
                o.images(),
                price,
                o.perHour(),
                o.slots(),
                o.memory(),
                o.disk(),
                o.cpus(),
                gpus,
                o.region());
        return new OfferView(
                v.provider(),
                v.owner(),
                v.sessionKey(),
                SIGNATURE,
                offer,
                v.freeStake(),
                v.usedSlots(),
                v.usedGpus(),
                v.reputation(),
                v.standing(),
                v.reliability());
    }

    Amount price() {
        return switch (random.nextInt(8)) {
            case 0 -> Amount.of(random.nextInt(4));
            case 1 -> Amount.of(1 + random.nextInt(1_000_000)).times(1L << 60).times(1 + random.nextInt(9));
            case 2, 3 -> Amount.of(100_000L * (1 + random.nextInt(5)));
            default -> Amount.of(1 + random.nextInt(2_000_000));
        };
    }

    private OfferView view(ProviderId provider, Address owner, Amount price) {
        long from = NOW.getEpochSecond() + (random.nextInt(20) == 0 ? 100 : -1_000);
        long until = NOW.getEpochSecond() + (random.nextInt(10) == 0 ? 3_000 : 1_000_000L * random.nextInt(60));
        return new OfferView(
                provider,
                owner,
                new SessionKey(owner, provider, owner, Parties.HUB.address(), 1, from, Math.max(until, from)),
                SIGNATURE,
                offer(price),
                stakes.computeIfAbsent(owner, who -> stake()),
                random.nextInt(3),
                random.nextInt(2),
                reputation(),
                random.nextInt(12) == 0 ? Standing.values()[random.nextInt(Standing.values().length)] : Standing.GOOD,
                random.nextInt(3) > 0 ? OfferView.RELIABLE : 1 + random.nextInt(OfferView.RELIABLE));
    }

    private Amount stake() {
        return switch (random.nextInt(5)) {
            case 0 -> Amount.of(random.nextInt(3_000));
            case 1 -> Amount.ZERO;
            default -> Amount.of(1_000_000).times(1L << 60);
        };
    }

    private Decimal reputation() {
        return switch (random.nextInt(4)) {
            case 0 -> Decimal.ZERO;
            case 1 -> Decimal.parse("-0.5");
            case 2 -> Decimal.parse("0." + (1 + random.nextInt(99_999)));
            default -> Decimal.of((double) random.nextInt(1_500) / 1_000);
        };
    }

    private Offer offer(Amount price) {
        if (oneKind) {
            return new Offer(
                    new Hardware("linux", "amd64", "test", 4, List.of()),
                    List.of(NumericClass.STRICT),
                    List.of(),
                    price,
                    price(),
                    random.nextInt(5),
                    bytes(),
                    bytes(),
                    random.nextInt(200),
                    List.of(),
                    "eu");
        }
        var classes = new ArrayList<Digest>(List.of(NumericClass.STRICT));
        var images = new ArrayList<ImageClass>();
        for (var name : List.of("avx2", "avx512", "cuda")) {
            if (random.nextInt(3) > 0) {
                classes.add(Parties.digest(name));
                images.add(new ImageClass(IMAGE, Parties.digest(name), name, name.equals("cuda"), random.nextInt(9)));
            }
        }
        return new Offer(
                new Hardware("linux", "amd64", "test", 4, List.of()),
                random.nextInt(8) == 0 ? List.of() : classes,
                images,
                price,
                price(),
                random.nextInt(5),
                bytes(),
                bytes(),
                random.nextInt(200),
                gpus(),
                REGIONS.get(random.nextInt(REGIONS.size())));
    }

    private List<Gpu> gpus() {
        var gpus = new ArrayList<Gpu>();
        var model = MODELS.get(random.nextInt(MODELS.size()));
        for (int i = random.nextInt(40) == 0 ? 40 : random.nextInt(4); i > 0; i--) {
            gpus.add(new Gpu(
                    random.nextInt(6) == 0 ? MODELS.get(0) : model, random.nextInt(8) == 0 ? GB : 80 * GB, "9.0", "5"));
        }
        return gpus;
    }

    private long bytes() {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextInt(2_000_000);
            case 1 -> random.nextLong(200 * GB);
            case 2 -> 1L << (20 + random.nextInt(35));
            default -> 8 * GB * (1 + random.nextInt(4));
        };
    }

    Wanted wanted() {
        return wanted(1 + random.nextInt(5), ceiling());
    }

    Wanted wanted(int count, Amount ceiling) {
        var spec = spec();
        var run = random.nextInt(3) > 0
                ? null
                : RunEstimate.of(SampleModels.SMOLLM2, spec).orElse(null);
        var request = new PlacementRequest(
                count,
                random.nextBoolean() ? Set.of() : Set.of(owner(random.nextInt(40)), owner(40 + random.nextInt(4_000))),
                WorkKinds.of(spec).classDemand(spec).within(peopled()),
                run,
                random.nextInt(10) == 0 ? PlacementRequest.Selection.BY_STAKE : PlacementRequest.Selection.CHEAPEST,
                ceiling,
                random.nextInt(3) * 50,
                NOW,
                NOW.plusSeconds(random.nextInt(8_000_000)),
                Parties.digest("seed " + random.nextLong()));
        return new Wanted(spec, request);
    }

    private Set<Digest> peopled() {
        return random.nextInt(3) > 0 ? Set.of() : Set.of(Parties.digest("avx2"), Parties.digest("cuda"));
    }

    /** A job that may need others to stand by. */
    Wanted wantedBesideOthers() {
        var wanted = wanted();
        return random.nextInt(3) > 0
                ? wanted
                : new Wanted(
                        wanted.spec(),
                        wanted.request()
                                .standby(new PlacementRequest.Standby(1 + random.nextInt(9), random.nextInt(3) * 50)));
    }

    private Amount ceiling() {
        return switch (random.nextInt(5)) {
            case 0 -> Amount.of(random.nextInt(2_000_000));
            case 1 -> Amount.of(1_000).times(1L << 60);
            default -> Amount.of(1_000_000).times(1L << 62);
        };
    }

    private JobSpec spec() {
        var gpu = random.nextInt(4) > 0
                ? new JobSpec.GpuNeed(0, 0, List.of())
                : new JobSpec.GpuNeed(
                        1 + random.nextInt(3),
                        random.nextBoolean() ? 0 : random.nextLong(90 * GB),
                        random.nextBoolean() ? List.of() : List.of("h200", "4090"));
        var spec =
                switch (random.nextInt(3)) {
                    case 0 -> SampleJobs.container(1);
                    case 1 -> SampleJobs.lora(1);
                    default -> SampleJobs.strict(1);
                };
        var need = new JobSpec.Resources(gpu, few(random.nextInt(250)), few(bytes()), few(bytes()));
        return SampleJobs.withPlacement(
                SampleJobs.withResources(spec, need),
                new JobSpec.Placement(
                        random.nextBoolean() ? List.of() : List.of("eu", REGIONS.get(random.nextInt(REGIONS.size()))),
                        random.nextBoolean() ? Decimal.ZERO : reputation(),
                        List.of(),
                        "any"));
    }

    /** Mostly little, so that some job can run somewhere. */
    private int few(int number) {
        return random.nextInt(4) == 0 ? number : 1;
    }

    private long few(long number) {
        return random.nextInt(4) == 0 ? number : 1;
    }

    Random random() {
        return random;
    }
}
