package io.perigee.api.gateway;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What was said on a line already, not to say it again; bounded, and without beginning anew. Used by one thread.
 *
 * <p>Of work only what is open matters, and that is bounded by what a provider can do at once. How attempts ended stays open
 * for a day, however many that are: of these the older half becomes one number. One that was stored while so many later ones
 * were said would be left for the next line.
 */
public final class Told {
    private static final int REMEMBERED = 4_096;

    private final Set<Long> work = new HashSet<>();
    private final TreeSet<Long> ends = new TreeSet<>();
    private long endsUpTo;
    private int mostWork = REMEMBERED;

    /** Work that was said. */
    public Set<Long> work() {
        return work;
    }

    /** Ends that were said, those after {@link #endsUpTo}. */
    public Set<Long> ends() {
        return ends;
    }

    /** All ends up to this one were said. */
    public long endsUpTo() {
        return endsUpTo;
    }

    void add(AgentBook.Delivery delivery) {
        if (delivery.work()) {
            work.add(delivery.id());
            return;
        }
        ends.add(delivery.id());
        if (ends.size() > REMEMBERED) {
            for (int i = 0; i < REMEMBERED / 2; i++) {
                endsUpTo = ends.removeFirst();
            }
        }
    }

    /** @param stillOpen those of some that are open */
    void forgetWhatIsOver(UnaryOperator<Set<Long>> stillOpen) {
        if (work.size() > mostWork) {
            work.retainAll(stillOpen.apply(Set.copyOf(work)));
            mostWork = Math.max(REMEMBERED, 2 * work.size());
        }
    }
}
