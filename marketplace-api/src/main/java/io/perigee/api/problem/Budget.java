package io.perigee.api.problem;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of bodies all requests of this process keep in memory together, and those of one address among them. */
final class Budget {
    /** Whether there was room. */
    enum Room {
        TAKEN,
        NONE,
        NONE_FOR_IT
    }

    private final AtomicLong taken = new AtomicLong();
    private final ConcurrentHashMap<String, Long> takenBy = new ConcurrentHashMap<>();
    private final long most;
    private final long mostOfOne;

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

    /** What one request from an address keeps. */
    Share share(String address) {
        return new Share(address);
    }

    /** How many addresses keep something now. */
    int addresses() {
        return takenBy.size();
    }

    private void giveBack(String address, long bytes) {
        taken.addAndGet(-bytes);
        takenBy.computeIfPresent(address, (_, held) -> held == bytes ? null : held - bytes);
    }

    /** Of one request; used on its event loop. */
    final class Share implements AutoCloseable {
        private final String address;
        private long mine;

        private Share(String address) {
            this.address = address;
        }

        /** Takes all of it, or nothing when there is no room. */
        Room take(long bytes) {
            long all = taken.addAndGet(bytes);
            long its = takenBy.merge(address, bytes, Long::sum);
            if (its > mostOfOne || all > most) {
                giveBack(address, bytes);
                return its > mostOfOne ? Room.NONE_FOR_IT : Room.NONE;
            }
            mine += bytes;
            return Room.TAKEN;
        }

        /** Gives back all of it; another call does nothing. */
        @Override
        public void close() {
            if (mine > 0) {
                giveBack(address, mine);
                mine = 0;
            }
        }
    }
}
