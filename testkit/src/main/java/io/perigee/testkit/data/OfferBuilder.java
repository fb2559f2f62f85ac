package io.perigee.testkit.data;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import java.util.List;
import java.util.stream.Stream;

/** An ordinary machine's offer: one slot, four processors, no GPU, one token for a million trained tokens. */
public final class OfferBuilder {
    private Amount perMillionTokens = Amount.of(1_000_000);
    private int slots = 1;
    private long memory = 4_000_000_000L;
    private int cpus = 4;
    private List<Gpu> gpus = List.of();
    private List<ImageClass> images = List.of();
    private String region = "";

    private OfferBuilder() {}

    public static OfferBuilder anOffer() {
        return new OfferBuilder();
    }

    public OfferBuilder at(long smallestUnitsPerMillionTokens) {
        perMillionTokens = Amount.of(smallestUnitsPerMillionTokens);
        return this;
    }

    public OfferBuilder slots(int count) {
        slots = count;
        return this;
    }

    public OfferBuilder lending(int processors, long memoryBytes) {
        cpus = processors;
        memory = memoryBytes;
        return this;
    }

    public OfferBuilder with(Gpu... some) {
        gpus = List.of(some);
        return this;
    }

    /** Holds these images, and runs their classes beside {@code strict}. */
    public OfferBuilder holding(ImageClass... some) {
        images = List.of(some);
        return this;
    }

    public OfferBuilder in(String place) {
        region = place;
        return this;
    }

    public Offer build() {
        return new Offer(
                new Hardware("Linux", "amd64", "Ordinary CPU", cpus, List.of("avx2")),
                Stream.concat(Stream.of(NumericClass.STRICT), images.stream().map(ImageClass::numericClass))
                        .distinct()
                        .toList(),
                images,
                perMillionTokens,
                Amount.of(1_000_000),
                slots,
                memory,
                20_000_000_000L,
                cpus,
                gpus,
                region);
    }
}
