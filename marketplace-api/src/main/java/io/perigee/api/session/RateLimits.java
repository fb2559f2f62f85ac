package io.perigee.api.session;

import io.perigee.api.problem.Refused;
import io.perigee.protocol.error.ErrorCode;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts requests by the minute in memory. It forgets everything when it knows too many callers. */
@Singleton
public final class RateLimits {
    private static final int MOST_CALLERS = 50_000;

    private final ConcurrentHashMap<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private volatile long minute;

    /**
     * Counts one request.
     *
     * @throws Refused when this caller was counted more often than that in the present minute
     */
    public void count(String caller, int limit, Instant now) {
        count(caller, 1, limit, now);
    }

    /** The same for something that is worth so many requests. */
    public void count(String caller, int requests, int limit, Instant now) {
        forget(now);
        if (counts.computeIfAbsent(caller, _ -> new AtomicInteger()).addAndGet(requests) > limit) {
            throw refusal(limit, now);
        }
    }

    /**
     * Counts nothing.
     *
     * @throws Refused when this caller was counted as often as that in the present minute already
     */
    public void check(String caller, int limit, Instant now) {
        forget(now);
        var counted = counts.get(caller);
        if (counted != null && counted.get() >= limit) {
            throw refusal(limit, now);
        }
    }

    private void forget(Instant now) {
        var present = now.getEpochSecond() / 60;
        if (present != minute || counts.size() > MOST_CALLERS) {
            minute = present;
            counts.clear();
        }
    }

    /** The counts begin anew with the minute, so that is when it is worth asking again. */
    private static Refused refusal(int limit, Instant now) {
        return new Refused(
                ErrorCode.RATE_LIMITED,
                "Expected at most %d such requests in a minute, but there were more".formatted(limit),
                (int) (60 - now.getEpochSecond() % 60));
    }
}
