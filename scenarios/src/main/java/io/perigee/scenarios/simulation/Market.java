package io.perigee.scenarios.simulation;

import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.Dtype;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.MethodKind;
import io.perigee.protocol.spec.Scheduler;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.VerificationPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The parties of every world, and the one job they all want: 64 segments, audited. */
final class Market {
    static final Domain DOMAIN = new Domain(31337, address("escrow"));
    static final Address HUB = address("hub");
    static final Address TOKEN = address("token");
    static final Digest PROVIDERS_CLASS = digest("class of the providers");
    static final Digest AUDITORS_CLASS = digest("class of the auditors, where nobody else of the providers' is free");

    /** A million tokens, so that an offer's price is the job's. */
    static final JobSpec SPEC = new JobSpec(
            JobSpec.VERSION,
            "simulated",
            "lora",
            content("image"),
            "trainer",
            content("base").toString(),
            content("dataset").toString(),
            new JobSpec.Method(MethodKind.LORA, 8, 16, Decimal.ZERO, List.of("q_proj")),
            JobSpec.Train.supervised(
                    Setting.SEGMENTS, 125, 1, 125, Decimal.parse("0.0002"), Scheduler.COSINE, 2, 7, Dtype.FLOAT32),
            new JobSpec.Segments(1),
            JobSpec.Data.PLAIN,
            null,
            JobSpec.Outputs.PLAIN,
            new JobSpec.Resources(new JobSpec.GpuNeed(0, 0, List.of()), 1, 1, 1),
            new JobSpec.Placement(List.of(), Decimal.ZERO, List.of(), PROVIDERS_CLASS.value()),
            new JobSpec.Price(Amount.of(3_000_000)),
            new JobSpec.Deadlines(86_400, 14_400, 900),
            new JobSpec.Verification(VerificationPolicy.AUDIT, Setting.QUORUM));

    static final Digest SPEC_HASH = SpecHash.of(SPEC);

    private Market() {}

    static SessionKey key(String name) {
        return new SessionKey(
                address(name),
                new ProviderId(digest("provider " + name).value()),
                address("key " + name),
                HUB,
                0,
                0,
                Long.MAX_VALUE);
    }

    static Offer offer(long price, Digest numericClass) {
        return new Offer(
                new Hardware("linux", "amd64", "simulated", 8, List.of("avx2")),
                List.of(numericClass),
                List.of(new ImageClass(SPEC.image(), numericClass, "avx2", false, 0)),
                Amount.of(price),
                Amount.of(price),
                1,
                1_000,
                1_000,
                8,
                List.of(),
                "");
    }

    static Digest digest(String text) {
        return Keccak256.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    static Address address(String name) {
        return Address.of(Arrays.copyOf(digest(name).bytes(), Address.BYTES));
    }

    private static ContentId content(String name) {
        return ContentId.of(digest(name));
    }
}
