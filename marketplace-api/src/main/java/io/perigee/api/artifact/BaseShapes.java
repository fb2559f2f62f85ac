package io.perigee.api.artifact;

import io.perigee.api.problem.Refused;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.TimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of the bases that orders which share a commit name. All that must be read for them has one stretch of time: orders
 * of others wait meanwhile. Blocks; of one thread.
 */
public final class BaseShapes {
    /** For what is known, which takes no time. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final Bases bases;
    private final Duration patience;
    private Duration left;

    public BaseShapes(Bases bases, Duration patience) {
        this.bases = bases;
        this.patience = patience;
        this.left = patience;
    }

    /**
     * The shape of a job's base, or nothing when it has none.
     *
     * @throws Refused when there was no time to find out
     */
    @Nullable
    public ModelShape of(JobSpec spec) {
        if (bases.isKnown(spec)) {
            return within(AT_ONCE, spec);
        }
        if (!left.isPositive()) {
            throw late();
        }
        long before = System.nanoTime();
        try {
            return within(left, spec);
        } finally {
            left = left.minusNanos(System.nanoTime() - before);
        }
    }

    private @Nullable ModelShape within(Duration time, JobSpec spec) {
        try {
            return bases.shape(spec).await().atMost(time).orElse(null);
        } catch (TimeoutException late) {
            throw late();
        }
    }

    private Refused late() {
        return new Refused(
                ErrorCode.TIMED_OUT,
                "Expected to read config.json of the base within %d s together with those of other jobs, but it takes longer; submit this one again"
                        .formatted(patience.toSeconds()));
    }
}
