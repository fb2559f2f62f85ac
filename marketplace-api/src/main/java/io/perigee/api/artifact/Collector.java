package io.perigee.api.artifact;

import io.perigee.api.settings.Settings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * Deletes what nobody has used for long: rows first, then files, so that a crash between them leaves only what the next round
 * deletes.
 *
 * <p>A job uses what it names when it is submitted and handed out, and nothing of it is wanted any more when its order, and all
 * that can still be shown for it, is over. So what is kept for longer than that is kept for every job.
 */
@Singleton
public final class Collector {
    private static final Logger LOG = Logger.getLogger(Collector.class);

    /** Windows after an order's deadline until nothing can be shown for it, and some more. */
    private static final long WINDOWS = 9;

    /** How long artifacts are kept where nobody says it and no job may want them for longer. */
    static final Duration USUAL = Duration.ofDays(90);

    /** How old a use may be before it is noted anew. */
    public static final Duration NOTED_EVERY = Duration.ofDays(1);

    /** A directory goes with as many rows as it has files. */
    private static final int AT_ONCE = 20;

    private static final int ROUND = 2_000;

    private final UnusedBook book;
    private final ArtifactStore store;
    private final Duration keep;

    Collector(UnusedBook book, ArtifactStore store, Settings settings) {
        this.book = book;
        this.store = store;
        var least = least(settings.chain());
        this.keep = settings.api().artifacts().keep().orElse(least.compareTo(USUAL) > 0 ? least : USUAL);
        if (keep.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "Expected perigee.api.artifacts.keep to be at least %d h, which is how long a job may want its files, but it is %d h"
                            .formatted(Math.ceilDiv(least.toSeconds(), 3_600), keep.toHours()));
        }
    }

    private static Duration least(Settings.Chain chain) {
        return Duration.ofSeconds(chain.maxOrder() + WINDOWS * chain.window()).plus(NOTED_EVERY);
    }

    /** One round; what it leaves is for the next. */
    public void collect(Instant now) throws IOException {
        var before = now.minus(keep);
        book.spread(before);
        int forgotten = 0;
        // the files of a directory are free when it is forgotten, and not before
        for (int some = 1; some > 0 && forgotten < ROUND; forgotten += some) {
            some = book.forget(before, AT_ONCE);
        }
        if (forgotten > 0) {
            LOG.infof("artifacts forgotten count=%d", forgotten);
        }
        book.delete(store::remove);
    }
}
