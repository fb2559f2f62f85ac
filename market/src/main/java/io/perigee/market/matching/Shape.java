package io.perigee.market.matching;

import io.perigee.market.kind.ClassDemand;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.spec.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Which groups of offers can run jobs that ask for the same kinds of things, by numeric class. It is worked out once
 * for all such jobs and holds until groups come or go.
 *
 * @param generation of the groups there were
 */
record Shape(long generation, List<InClass> classes) {
    /** What of a job decides it; required is the memory of one run, which only GPUs are grouped by. */
    record Key(ClassDemand demand, JobSpec.GpuNeed gpu, long required, List<String> regions) {
        static Key of(PlacementRequest request, JobSpec spec) {
            var gpu = spec.resources().gpu();
            return new Key(
                    request.demand(),
                    gpu,
                    gpu.count() == 0 ? 0 : request.required(),
                    spec.placement().regions());
        }
    }

    /**
     * The groups of one class.
     *
     * @param freeGpus for each group, how many GPUs of an offer must be free
     */
    record InClass(Digest numericClass, long lot, int[] groups, int[] freeGpus) {}

    /** However many are free, or claimed to be. */
    static final int NO_GPUS = Integer.MIN_VALUE;

    private record Member(int group, int freeGpus) {}

    static Shape of(Key key, Groups groups) {
        var classes = new TreeMap<Digest, List<Member>>();
        for (var group : groups.all()) {
            var offer = group.sample();
            if (fits(key, offer)) {
                var member = new Member(group.number(), freeGpus(key, offer));
                key.demand().among(offer).distinct().forEach(numericClass -> classes.computeIfAbsent(
                                numericClass, name -> new ArrayList<>())
                        .add(member));
            }
        }
        return new Shape(
                groups.generation(),
                classes.entrySet().stream()
                        .map(entry -> inClass(entry.getKey(), entry.getValue()))
                        .toList());
    }

    private static InClass inClass(Digest numericClass, List<Member> members) {
        return new InClass(
                numericClass,
                Turn.lot(numericClass.bytes()),
                members.stream().mapToInt(Member::group).toArray(),
                members.stream().mapToInt(Member::freeGpus).toArray());
    }

    /** Whether an offer of this kind may run such jobs, whatever amounts it lends. */
    static boolean fits(Key key, Offer offer) {
        return regionFits(key, offer) && fitting(key, offer) >= key.gpu().count();
    }

    private static boolean regionFits(Key key, Offer offer) {
        return key.regions().isEmpty() || key.regions().contains(offer.region());
    }

    private static long fitting(Key key, Offer offer) {
        long vram = Math.max(key.gpu().vramMin(), key.required());
        return key.gpu().count() == 0
                ? 0
                : offer.gpus().stream()
                        .filter(gpu -> gpu.vram() >= vram && Room.isWanted(gpu, key.gpu()))
                        .count();
    }

    /** GPUs in use are counted and not named, so those that would not do may be the ones in use or not: assume not. */
    private static int freeGpus(Key key, Offer offer) {
        return key.gpu().count() == 0
                ? NO_GPUS
                : (int) (offer.gpus().size() - fitting(key, offer)) + key.gpu().count();
    }
}
