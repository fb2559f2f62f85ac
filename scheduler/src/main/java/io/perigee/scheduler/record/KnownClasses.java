package io.perigee.scheduler.record;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.kind.ClassDemand;
import io.perigee.market.matching.PlacementRequest;
import io.perigee.protocol.id.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which classes of an image are open to who names none, as of a minute ago: to know it takes a look at everybody who offers
 * the image, and it changes in days.
 *
 * <p>Used by one thread.
 */
public final class KnownClasses {
    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final int MOST = 1_000;

    private record Known(Set<Digest> peopled, Instant at) {}

    private final RecordBook records;
    private final Map<ClassDemand, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ClassDemand, Known> eldest) {
            return size() > MOST;
        }
    };

    public KnownClasses(RecordBook records) {
        this.records = records;
    }

    /** What a job asks for, in those classes. */
    public List<PlacementRequest> narrowed(Tx tx, List<PlacementRequest> requests, Instant now) {
        return requests.stream()
                .map(request -> request.within(peopled(tx, request.demand(), now)))
                .toList();
    }

    /** Those whose classes are others by now; nothing is read of what was read not long ago. */
    public List<ClassDemand> changed(Tx tx, Set<ClassDemand> open, Instant now) {
        var before = new HashMap<ClassDemand, Set<Digest>>();
        open.forEach(each ->
                before.put(each, known.containsKey(each) ? known.get(each).peopled() : Set.of()));
        return open.stream()
                .filter(each -> !peopled(tx, each, now).equals(before.get(each)))
                .toList();
    }

    private Set<Digest> peopled(Tx tx, ClassDemand demand, Instant now) {
        if (!(demand instanceof ClassDemand.OfImage open)) {
            return Set.of();
        }
        var had = known.get(open);
        if (had != null && now.isBefore(had.at().plus(FRESH))) {
            return had.peopled();
        }
        var peopled = records.peopled(tx, open);
        known.put(open, new Known(peopled, now));
        return peopled;
    }
}
