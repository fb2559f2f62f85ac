package io.perigee.api.gateway;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * How much of what all agents said waits to be heard. It is in memory, which ends for everybody at once: when there is too
 * much, the agent of which most waits is cut off, so that none can keep the others out.
 */
final class Backlogs {
    private final long most;
    private final Set<Backlog> some = new HashSet<>();
    private long waiting;

    /** @param most characters, no fewer than one agent may leave here */
    Backlogs(long most) {
        this.most = most;
    }

    /** Whether so many more of this one may wait. */
    boolean take(Backlog mine, int length) {
        var gone = taken(mine, length);
        gone.ifPresent(Backlog::cutOff);
        return gone.filter(mine::equals).isEmpty();
    }

    /** Who has to go for it. */
    private synchronized Optional<Backlog> taken(Backlog mine, int length) {
        if (mine.isOver()) {
            return Optional.empty();
        }
        some.add(mine);
        waiting += length;
        if (mine.add(length)) {
            if (waiting <= most) {
                return Optional.empty();
            }
            var heaviest = some.stream().max(Comparator.comparingLong(Backlog::waiting));
            heaviest.ifPresent(this::end);
            return heaviest;
        }
        end(mine);
        return Optional.of(mine);
    }

    synchronized void giveBack(Backlog mine, int length) {
        if (!mine.isOver()) {
            waiting -= length;
            if (mine.remove(length)) {
                some.remove(mine);
            }
        }
    }

    /** Nothing more of it is heard. */
    synchronized void end(Backlog mine) {
        if (!mine.isOver()) {
            waiting -= mine.waiting();
            some.remove(mine);
            mine.end();
        }
    }
}
