package io.perigee.eventlog;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Named places where a test can make the process die as if by {@code kill -9}: {@code PERIGEE_CRASH_AT=name}, or
 * {@code name@3} for the third time it is reached. Without the variable a hit costs one comparison.
 */
public final class CrashPoints {
    private static final @Nullable String ARMED = System.getenv("PERIGEE_CRASH_AT");
    private static final Map<String, AtomicInteger> HITS = new ConcurrentHashMap<>();

    private CrashPoints() {}

    /** Dies here when this place is the armed one. */
    public static void hit(String name) {
        if (ARMED == null || ARMED.isEmpty()) {
            return;
        }
        int at = ARMED.indexOf('@');
        if (!name.equals(at < 0 ? ARMED : ARMED.substring(0, at))) {
            return;
        }
        int wanted = at < 0 ? 1 : Integer.parseInt(ARMED.substring(at + 1));
        if (HITS.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet() == wanted) {
            System.err.println("crash point " + name);
            System.err.flush();
            Runtime.getRuntime().halt(137);
        }
    }
}
