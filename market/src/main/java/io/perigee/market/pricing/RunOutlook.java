package io.perigee.market.pricing;

import io.perigee.market.estimate.Gigabytes;
import io.perigee.market.estimate.RunEstimate;
import io.perigee.market.matching.LargestFit;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a builder is told before signing of the memory and the time that one run will need. */
final class RunOutlook {
    private RunOutlook() {}

    static Estimate estimate(RunEstimate run, PlacementRequest request, List<OfferView> offers) {
        return new Estimate(
                run.base().parameters(),
                run.trainedParameters(),
                run.memory(),
                run.required(),
                LargestFit.of(request, run.spec(), offers).orElse(null));
    }

    static List<String> warnings(RunEstimate run, Estimate estimate) {
        var warnings = new ArrayList<String>();
        var need = run.spec().resources();
        boolean gpu = need.gpu().count() > 0;
        long asked = gpu ? need.gpu().vramMin() : need.memory();
        var required = Gigabytes.needed(run.required());
        if (asked > 0 && run.memory().total() > asked) {
            warnings.add("Expected %s to hold the run, which is estimated at %s, but it is %s; ask for %s"
                    .formatted(
                            gpu ? "resources.gpu.vram" : "resources.memory",
                            Gigabytes.needed(run.memory().total()),
                            Gigabytes.held(asked),
                            required));
        }
        var largest = estimate.largest();
        if (largest != null) {
            warnings.add(
                    "Expected %d providers with %s for one run, its estimated peak and a tenth, but in the roomiest class, %s, they have %s"
                            .formatted(
                                    run.spec().verification().replicas(),
                                    required,
                                    largest.kind(),
                                    Gigabytes.held(largest.memory())));
        }
        return warnings;
    }

    /**
     * Seconds of the run's arithmetic in the slowest of the classes in which this offer may run it; null where none was
     * measured.
     */
    static @Nullable Long seconds(RunEstimate run, PlacementRequest request, Offer offer) {
        var classes = request.demand().among(offer).collect(Collectors.toSet());
        var slowest = offer.images().stream()
                .filter(held -> held.image().equals(run.spec().image()) && classes.contains(held.numericClass()))
                .mapToLong(ImageClass::flopsPerSecond)
                .filter(flops -> flops > 0)
                .min();
        return slowest.isEmpty() ? null : (long) Math.ceil(run.operations() / slowest.getAsLong());
    }
}
