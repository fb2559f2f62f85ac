package io.perigee.api.gateway;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of what an agent said waits to be heard. Messages are counted elsewhere; a few hundred of the largest would be a
 * quarter of a gigabyte, which nobody may leave here who has not said who it is.
 */
final class Backlog {
    /** A hello with the largest offer is half of it. */
    static final int OF_A_STRANGER = 256 << 10;
    /** As many openings of ten thousand borders as an agent sends unanswered. */
    static final int OF_AN_AGENT = 64 << 20;

    private final AtomicLong waiting = new AtomicLong();
    private volatile int most = OF_A_STRANGER;

    /** Whether this may wait, too. */
    boolean takes(String text) {
        return waiting.addAndGet(text.length()) <= most;
    }

    /** It is being worked on. */
    void heard(String text) {
        waiting.addAndGet(-text.length());
    }

    /** A signature said who it is. */
    void known() {
        most = OF_AN_AGENT;
    }
}
