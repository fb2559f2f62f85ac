package io.perigee.api.provider.postgres;

import io.perigee.api.provider.KnownOffers;
import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.matching.OfferView;
import io.perigee.protocol.spec.JobSpec;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The offers that new orders are judged by. They are read anew when one has come, gone or changed; what is in use of them,
 * which changes with every job, may be of a moment ago: to place a job is not for this process to decide. That is read
 * beside the orders, which do not wait for it, and for no more than a twentieth of the time.
 */
@Singleton
public final class PresentOffers {
    private static final Logger LOG = Logger.getLogger(PresentOffers.class);
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** So many times as long as it took to read them they are good. */
    private static final int SHARE = 20;

    /** Older ones are of no use, while somebody reads them anew, either. */
    private static final Duration USABLE = Duration.ofSeconds(10);

    private record Read(List<OfferView> offers, Instant at, Duration took, long changes) {
        Duration good() {
            var share = took.multipliedBy(SHARE);
            return share.compareTo(FRESH) > 0 ? share : FRESH;
        }
    }

    private final Supplier<List<OfferView>> reading;
    private final Executor beside;
    private final Clock clock;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable Read last;

    @Inject
    PresentOffers(Database database, Clock clock) {
        var texts = new OfferTexts();
        this(
                () -> database.reading(tx -> LiveOffers.of(tx, texts, clock.instant())),
                Thread::startVirtualThread,
                clock);
    }

    /**
     * @param reading reads them; blocks
     * @param beside runs a reading that nobody waits for
     */
    PresentOffers(Supplier<List<OfferView>> reading, Executor beside, Clock clock) {
        this.reading = reading;
        this.beside = beside;
        this.clock = clock;
    }

    /** An offer came, went or changed, or a stake did. */
    public void changed() {
        changes.incrementAndGet();
    }

    /** With the records that these jobs ask for. */
    public KnownOffers known(Tx tx, List<OfferView> live, Collection<JobSpec> specs, Instant now) {
        return LiveOffers.known(tx, live, specs, now);
    }

    /** Those of the moment. May block, and takes a connection of its own then. */
    public List<OfferView> live() {
        var known = last;
        if (known != null && known.changes() == changes.get()) {
            var age = Duration.between(known.at(), clock.instant());
            if (age.compareTo(USABLE) < 0) {
                if (age.compareTo(known.good()) >= 0 && busy.compareAndSet(false, true)) {
                    beside.execute(this::refresh);
                }
                return known.offers();
            }
        }
        return read();
    }

    private void refresh() {
        try {
            read();
        } catch (TryLater away) {
            // whoever finds them too old reads them, and says what is wrong
            LOG.debugf("offers are not read anew yet: %s", away.getMessage());
        } finally {
            busy.set(false);
        }
    }

    private List<OfferView> read() {
        long asOf = changes.get();
        var from = clock.instant();
        var offers = List.copyOf(reading.get());
        last = new Read(offers, from, Duration.between(from, clock.instant()), asOf);
        return offers;
    }
}
