package io.perigee.api.job;

import io.perigee.api.problem.Refused;
import io.perigee.market.matching.OfferView;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.crypto.Keccak256;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.spec.JobSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is true of a spec whoever orders it, found out once for all orders that name it. Used by many threads. */
final class KnownSpec {
    /** What it costs a builder at most by these offers, which are the same objects. */
    private record Priced(Address builder, List<OfferView> offers, Amount maximum) {
        boolean isOf(Address other, List<OfferView> live) {
            return builder.equals(other) && offers == live;
        }
    }

    private final JobSpec spec;
    private final String canonical;
    private final Digest hash;
    private final List<ContentId> inputs;
    private volatile @Nullable Optional<Refused> checked;
    private volatile @Nullable Priced priced;

    /** @throws io.perigee.protocol.error.InvalidValue when it has no canonical bytes, or its inputs are no ids */
    KnownSpec(JobSpec spec) {
        this.spec = spec;
        this.inputs = inputs(spec);
        var bytes = CanonicalJson.bytes(spec);
        this.canonical = new String(bytes, StandardCharsets.UTF_8);
        this.hash = Keccak256.hash(bytes);
    }

    private static List<ContentId> inputs(JobSpec spec) {
        return Stream.of(spec.baseId(), spec.datasetId(), spec.imageArtifact())
                .flatMap(Optional::stream)
                .toList();
    }

    /** What it names that has to be here. */
    List<ContentId> inputs() {
        return inputs;
    }

    Digest hash() {
        return hash;
    }

    String canonical() {
        return canonical;
    }

    /** Refuses by throwing, every time, what this hub does not run. */
    void check(OrderRules rules) {
        var known = checked;
        if (known == null) {
            known = refusal(rules);
            checked = known;
        }
        if (known.isPresent()) {
            throw known.get();
        }
    }

    private Optional<Refused> refusal(OrderRules rules) {
        try {
            rules.spec(spec);
            return Optional.empty();
        } catch (Refused no) {
            return Optional.of(no);
        }
    }

    /** What it costs this builder at most; asked again when the offers are others. */
    Amount maximum(Address builder, List<OfferView> offers, Supplier<Amount> quote) {
        var known = priced;
        if (known == null || !known.isOf(builder, offers)) {
            known = new Priced(builder, offers, quote.get());
            priced = known;
        }
        return known.maximum();
    }
}
