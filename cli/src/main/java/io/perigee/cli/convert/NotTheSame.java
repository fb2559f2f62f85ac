package io.perigee.cli.convert;

import io.perigee.protocol.spec.Violation;
import java.util.List;

/** What is left of a file would train something else. */
public final class NotTheSame extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> obstacles;

    NotTheSame(String file, List<Violation> obstacles) {
        super("Expected to read '%s' as a job, but %s would make it another training"
                .formatted(file, obstacles.size() == 1 ? "one key" : obstacles.size() + " keys"));
        this.obstacles = List.copyOf(obstacles);
    }

    /** Each key with what a job can say instead. */
    public List<Violation> obstacles() {
        return obstacles;
    }
}
