package io.perigee.agent.gateway;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing waits with full jitter, so that a thousand agents do not return in the same second.
 *
 * <p>Not safe for several threads.
 */
public final class Backoff {
    private final Duration first;
    private final Duration most;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration first, Duration most, RandomGenerator random) {
        this.first = first;
        this.most = most;
        this.random = random;
    }

    /** How long to wait now: between half and all of a ceiling that doubles with every failure. */
    public Duration next() {
        long ceiling = Math.min(most.toMillis(), first.toMillis() << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
    }

    public void reset() {
        failures = 0;
    }
}
