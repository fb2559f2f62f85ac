package io.perigee.protocol.rest;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One move of a job.
 *
 * @param links names to hashes: "transaction", "assignment", "seal", …
 */
public record TimelineEntry(
        long seq,
        Instant at,
        String actor,
        String kind,
        @Nullable String cause,
        String detail,
        Map<String, String> links) {
    public TimelineEntry {
        links = Collections.unmodifiableSortedMap(new TreeMap<>(links)); // one order wherever it is written
    }
}
