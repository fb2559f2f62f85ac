package io.perigee.api.artifact;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perigee.api.problem.Refused;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.ErrorCode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Reads manifests, few at a time: the largest is some ten times its eight megabytes while it is worked on, and whoever may send
 * one may have it read again and again.
 */
@Singleton
final class Manifests {
    /** Ten thousand files with paths of full length. */
    static final int LARGEST = 8 << 20;

    private static final int AT_ONCE = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What is done with manifests that are read meanwhile. */
    @FunctionalInterface
    interface Work<T> {
        T done() throws IOException;
    }

    /** Whoever asks for many at once waits for itself, and not others for it. */
    private static final int LANES = 256;

    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private final List<Semaphore> lanes =
            IntStream.range(0, LANES).mapToObj(_ -> new Semaphore(1, true)).toList();
    private final Duration patience;
    private final Counter read;

    @Inject
    Manifests(MeterRegistry metrics) {
        this(metrics, PATIENCE);
    }

    Manifests(MeterRegistry metrics, Duration patience) {
        this.patience = patience;
        this.read = Counter.builder("perigee.manifests.read")
                .description("manifests that were read from the store")
                .register(metrics);
    }

    /**
     * Does what needs a manifest in memory. Blocks, and must not be asked from within.
     *
     * @param whose what comes from the same comes one after the other
     * @throws Refused when others are at it for too long
     */
    <T> T working(String whose, Work<T> work) throws IOException {
        var lane = lanes.get(Math.floorMod(whose.hashCode(), LANES));
        enter(lane);
        try {
            enter(places);
            try {
                return work.done();
            } finally {
                places.release();
            }
        } finally {
            lane.release();
        }
    }

    private void enter(Semaphore room) throws IOException {
        try {
            if (!room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Refused(
                        ErrorCode.UNAVAILABLE,
                        "Expected to read a manifest within %d s, but others are being read; ask again"
                                .formatted(patience.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Expected to read a manifest, but the service is stopping", e);
        }
    }

    /**
     * Reads one; only where {@link #working}.
     *
     * @throws io.perigee.protocol.error.InvalidValue when it is none
     */
    Manifest read(InputStream bytes) throws IOException {
        read.increment();
        return Manifest.ofBytes(bytes.readNBytes(LARGEST));
    }
}
