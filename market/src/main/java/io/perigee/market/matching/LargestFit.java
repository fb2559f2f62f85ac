package io.perigee.market.matching;

import io.perigee.market.estimate.Gigabytes;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.rest.Estimate;
import io.perigee.protocol.spec.JobSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** For a job that is too large for every class of providers: what of it would fit where most memory is. */
public final class LargestFit {
    /** What is looked past: memory itself, what the builder can raise, and what passes. */
    private static final Set<Constraint> ASIDE =
            EnumSet.of(Constraint.MEMORY, Constraint.ESTIMATE, Constraint.GPU, Constraint.PRICE, Constraint.SLOTS);

    private LargestFit() {}

    /** A provider that may run the job in a class, with the memory one run may have of it. */
    private record Place(OfferView view, Digest numericClass, long memory) {}

    /**
     * What as many owners as the job wants have in one class.
     *
     * @param owners how many, at most as many as are wanted
     * @param least the one of them with the least memory
     */
    private record ClassRoom(int owners, Place least) {}

    /** Nothing when a class has the memory, when nobody could run the job however small, or where its need is not known. */
    public static Optional<Estimate.Largest> of(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        var run = request.estimate();
        return run == null
                ? Optional.empty()
                : roomiest(request, spec, offers)
                        .filter(place -> place.memory() < run.required())
                        .map(place -> new Estimate.Largest(
                                place.view().provider(),
                                place.numericClass(),
                                kind(place, spec),
                                place.memory(),
                                run.microBatchWithin(place.memory()),
                                run.seqLenWithin(place.memory())));
    }

    /** For people: who has most, and what would fit there. */
    public static String words(Estimate.Largest largest, JobSpec.Train train) {
        var fits = new ArrayList<String>();
        if (largest.microBatch() > 0) {
            fits.add("microBatch %d at seqLen %d".formatted(largest.microBatch(), train.seqLen()));
        }
        if (largest.seqLen() > 0) {
            fits.add("seqLen %d at microBatch %d".formatted(largest.seqLen(), train.microBatch()));
        }
        return "the roomiest class of providers, %s, has %s, where %s would fit"
                .formatted(
                        largest.kind(),
                        Gigabytes.held(largest.memory()),
                        fits.isEmpty()
                                ? "neither a smaller microBatch nor a shorter seqLen"
                                : String.join(" or ", fits));
    }

    private static Optional<Place> roomiest(PlacementRequest request, JobSpec spec, List<OfferView> offers) {
        return offers.stream()
                .filter(view -> Stream.of(Constraint.values())
                        .filter(constraint -> !ASIDE.contains(constraint))
                        .allMatch(constraint -> constraint.keeps(view, spec, request)))
                .flatMap(view -> places(view, request, spec))
                .collect(Collectors.groupingBy(Place::numericClass))
                .values()
                .stream()
                .map(places -> room(places, request.count()))
                .max(Comparator.comparingInt(ClassRoom::owners)
                        .thenComparingLong(room -> room.least().memory())
                        .thenComparing(room -> room.least().numericClass()))
                .map(ClassRoom::least);
    }

    private static Stream<Place> places(OfferView view, PlacementRequest request, JobSpec spec) {
        long memory = Room.of(view.offer(), spec.resources().gpu());
        return request.demand()
                .among(view.offer())
                .distinct()
                .map(numericClass -> new Place(view, numericClass, memory))
                .filter(place -> place.memory() > 0);
    }

    private static ClassRoom room(List<Place> places, int count) {
        var owners = new HashSet<>();
        var chosen = places.stream()
                .sorted(Comparator.comparingLong(Place::memory)
                        .reversed()
                        .thenComparing(place -> place.view().provider().value()))
                .filter(place -> owners.add(place.view().owner()))
                .limit(count)
                .toList();
        return new ClassRoom(chosen.size(), chosen.getLast());
    }

    /** What people call the class: the model of its GPU, the kernels of its image, or strict. */
    private static String kind(Place place, JobSpec spec) {
        var offer = place.view().offer();
        var need = spec.resources().gpu();
        var name = need.count() > 0
                ? offer.gpus().stream()
                        .filter(gpu -> Room.isWanted(gpu, need) && gpu.vram() >= place.memory())
                        .map(gpu -> gpu.model())
                        .findFirst()
                : offer.images().stream()
                        .filter(held -> held.numericClass().equals(place.numericClass()))
                        .map(ImageClass::kernels)
                        .findFirst();
        return name.orElse(place.numericClass().equals(NumericClass.STRICT) ? "strict" : "cpu");
    }
}
