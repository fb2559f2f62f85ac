package io.perigee.api.problem;

import io.perigee.api.session.Crowd;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How many bytes of bodies all requests of this process keep in memory together, and those of one address among them. Where
 * there is no room for more, a body that is still on its way has to go for it.
 */
final class Budget {
    /** Whether there was room. */
    enum Room {
        TAKEN,
        NONE,
        NONE_FOR_IT
    }

    private final Map<String, Long> takenBy = new HashMap<>();
    /** Those that are on their way, in the order in which they began. */
    private final Set<Share> coming = new LinkedHashSet<>();

    private final long most;
    private final long mostOfOne;
    private long taken;

    Budget(long most, long mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    long most() {
        return most;
    }

    long mostOfOne() {
        return mostOfOne;
    }

    /**
     * What one request from an address keeps.
     *
     * @param outOfTheWay called, by whoever takes more, when it has to make room; what it keeps is given back by then
     */
    Share share(String address, Runnable outOfTheWay) {
        return new Share(address, outOfTheWay);
    }

    /** How many addresses keep something now. */
    synchronized int addresses() {
        return takenBy.size();
    }

    private synchronized Room take(Share share, long bytes, Set<Share> gone) {
        if (share.over) {
            return Room.NONE;
        }
        if (takenBy.getOrDefault(share.address, 0L) + bytes > mostOfOne) {
            return Room.NONE_FOR_IT;
        }
        add(share, bytes);
        coming.add(share);
        while (taken > most) {
            var first = first();
            if (first.isEmpty() || first.get() == share) {
                add(share, -bytes);
                return Room.NONE;
            }
            end(first.get());
            gone.add(first.get());
        }
        return Room.TAKEN;
    }

    private Optional<Share> first() {
        return Crowd.first(coming, each -> each.address, each -> each.mine);
    }

    private void add(Share share, long bytes) {
        taken += bytes;
        share.mine += bytes;
        takenBy.merge(share.address, bytes, (held, more) -> held + more == 0 ? null : held + more);
    }

    private synchronized void end(Share share) {
        if (!share.over) {
            share.over = true;
            coming.remove(share);
            add(share, -share.mine);
        }
    }

    private synchronized void arrived(Share share) {
        coming.remove(share);
    }

    /** Of one request; used on its event loop. */
    final class Share implements AutoCloseable {
        private final String address;
        private final Runnable outOfTheWay;
        private long mine;
        private boolean over;

        private Share(String address, Runnable outOfTheWay) {
            this.address = address;
            this.outOfTheWay = outOfTheWay;
        }

        /** Takes all of it, or nothing when there is no room. */
        Room take(long bytes) {
            Set<Share> gone = new LinkedHashSet<>();
            var room = Budget.this.take(this, bytes, gone);
            gone.forEach(each -> each.outOfTheWay.run());
            return room;
        }

        /** All of it is here: it is worked on, and is not in the way any more. */
        void arrived() {
            Budget.this.arrived(this);
        }

        /** Gives back all of it; another call does nothing. */
        @Override
        public void close() {
            end(this);
        }
    }
}
