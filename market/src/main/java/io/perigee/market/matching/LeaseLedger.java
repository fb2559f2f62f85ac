package io.perigee.market.matching;

import io.perigee.protocol.id.ProviderId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What is in use of each provider, as the set of its leases that were opened and not closed. A lease is named by its
 * provider and its fencing number, which is never given twice; so facts may come twice, late and in any order, a lease
 * may even be closed before it is opened, and what is in use is the same in the end. Nothing is counted up or down.
 */
public final class LeaseLedger {
    private final Map<ProviderId, Leases> leases = new HashMap<>();

    /** What one attempt holds of a provider. */
    public record Lease(ProviderId provider, long fence, int gpus) {}

    /** What all open leases hold of a provider. */
    public record Usage(int slots, int gpus) {
        public static final Usage NOTHING = new Usage(0, 0);
    }

    private static final class Leases {
        private final Map<Long, Lease> open = new HashMap<>();
        private final Set<Long> closed = new HashSet<>();
        /** Every fence below it has been closed, so that they need not be kept one by one. */
        private long settled;

        boolean isClosed(long fence) {
            return fence < settled || closed.contains(fence);
        }

        void close(long fence) {
            open.remove(fence);
            if (fence >= settled) {
                closed.add(fence);
            }
            while (closed.remove(settled)) {
                settled++;
            }
        }

        Usage usage() {
            return new Usage(
                    open.size(), open.values().stream().mapToInt(Lease::gpus).sum());
        }
    }

    /**
     * A lease was given; false when that is not new, or it is over already.
     *
     * @throws IllegalArgumentException when another lease has its number
     */
    public boolean opened(Lease lease) {
        var its = of(lease.provider());
        if (its.isClosed(lease.fence())) {
            return false;
        }
        var before = its.open.putIfAbsent(lease.fence(), lease);
        if (before != null && !before.equals(lease)) {
            throw new IllegalArgumentException(
                    "Expected to open '%s', but its number is that of '%s'".formatted(lease, before));
        }
        return before == null;
    }

    /** A lease is over, whether or not it is known that it was given; false when that is not new. */
    public boolean closed(ProviderId provider, long fence) {
        var its = of(provider);
        boolean isNew = !its.isClosed(fence);
        its.close(fence);
        return isNew;
    }

    /** Whether a word from this lease still counts. */
    public boolean holds(ProviderId provider, long fence) {
        return leases.containsKey(provider) && of(provider).open.containsKey(fence);
    }

    public Usage usage(ProviderId provider) {
        return leases.containsKey(provider) ? of(provider).usage() : Usage.NOTHING;
    }

    private Leases of(ProviderId provider) {
        return Objects.requireNonNull(leases.computeIfAbsent(provider, name -> new Leases()));
    }
}
