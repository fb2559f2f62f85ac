package io.perigee.api.gateway;

import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how much progress is stored: at most one report in an interval that widens with an attempt's age, so that an
 * attempt of any length leaves some thousand reports. The last step is always let through.
 */
final class ProgressThrottle {
    private static final int MOST_ATTEMPTS = 256;
    private static final int SHARE = 500;

    private final Duration interval;
    private final Map<Digest, Seen> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Seen> eldest) {
            return size() > MOST_ATTEMPTS;
        }
    };

    ProgressThrottle(Duration interval) {
        this.interval = interval;
    }

    private record Seen(Instant first, Instant last, int step) {}

    boolean admits(AgentMessage.Progress progress, Instant now) {
        var before = seen.get(progress.assignmentHash());
        if (before == null) {
            seen.put(progress.assignmentHash(), new Seen(now, now, progress.step()));
            return true;
        }
        var aged = Duration.between(before.first(), now).dividedBy(SHARE);
        var least = aged.compareTo(interval) > 0 ? aged : interval;
        var last = progress.step() == progress.steps() && progress.step() > before.step();
        if (!last && Duration.between(before.last(), now).compareTo(least) < 0) {
            return false;
        }
        seen.put(progress.assignmentHash(), new Seen(before.first(), now, progress.step()));
        return true;
    }
}
