package io.perigee.protocol.rest;

import java.time.Instant;
import java.util.Map;
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
        links = Map.copyOf(links);
    }
}
