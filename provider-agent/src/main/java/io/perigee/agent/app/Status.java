package io.perigee.agent.app;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a running agent says of itself in {@code status.json}. */
public record Status(
        long pid,
        Instant at,
        String version,
        @Nullable ProviderId provider,
        @Nullable Address owner,
        @Nullable String hubUrl,
        boolean enrolled,
        boolean connected,
        String connectionDetail,
        boolean paused,
        boolean engine,
        String engineDetail,
        int freeSlots,
        List<Work> attempts) {
    public Status {
        attempts = List.copyOf(attempts);
    }

    /** One open attempt. */
    public record Work(
            JobId jobId, Digest assignmentHash, String phase, int border, int borders, int step, Instant acceptedAt) {}
}
