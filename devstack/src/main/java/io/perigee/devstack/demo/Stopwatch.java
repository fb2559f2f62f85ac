package io.perigee.devstack.demo;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long each part took, from the start of this JVM on. */
final class Stopwatch {
    private final long began = ManagementFactory.getRuntimeMXBean().getStartTime();
    private final Map<String, Double> laps = new LinkedHashMap<>();
    private long last = began;

    /** What happened since the last lap. */
    void lap(String name) {
        long now = System.currentTimeMillis();
        laps.put(name, (now - last) / 1000.0);
        last = now;
    }

    Map<String, Double> laps() {
        return new LinkedHashMap<>(laps);
    }

    double total() {
        return (System.currentTimeMillis() - began) / 1000.0;
    }
}
