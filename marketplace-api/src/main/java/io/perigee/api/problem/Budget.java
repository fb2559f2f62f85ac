package io.perigee.api.problem;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of bodies all requests of this process keep in memory together. */
final class Budget {
    private final AtomicLong taken = new AtomicLong();
    private final long most;

    Budget(long most) {
        this.most = most;
    }

    long most() {
        return most;
    }

    /** What one request keeps. */
    Share share() {
        return new Share();
    }

    /** Of one request; used on its event loop. */
    final class Share implements AutoCloseable {
        private long mine;

        /** False when there is no room: then nothing is taken. */
        boolean take(long bytes) {
            if (taken.addAndGet(bytes) > most) {
                taken.addAndGet(-bytes);
                return false;
            }
            mine += bytes;
            return true;
        }

        /** Gives back all of it; another call does nothing. */
        @Override
        public void close() {
            taken.addAndGet(-mine);
            mine = 0;
        }
    }
}
