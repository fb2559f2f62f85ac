package io.perigee.api.provider.postgres;

import io.perigee.api.provider.KnownOffers;
import io.perigee.api.settings.Settings;
import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Database;
import io.perigee.market.matching.OfferView;
import io.perigee.market.matching.Shown;
import io.perigee.market.reputation.Field;
import io.perigee.market.reputation.Reputation;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.spec.JobSpec;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

    /** @param number of all readings in the order in which they began */
    private record Read(LiveOffers offers, Instant at, Duration took, long changes, long number) {
        Duration good() {
            var share = took.multipliedBy(SHARE);
            return share.compareTo(FRESH) > 0 ? share : FRESH;
        }
    }

    private final Supplier<LiveOffers> reading;
    private final Function<ProviderId, Optional<OfferView>> one;
    private final Executor beside;
    private final Clock clock;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final OneAtATime turn;
    private final FamilyRecords records;
    private volatile @Nullable Read last;

    @Inject
    PresentOffers(Database database, Settings settings, Clock clock) {
        var texts = new OfferTexts();
        this(
                () -> database.reading(tx -> OfferRows.all(
                        tx, texts, OfferRows.PAGE, settings.api().limits().offers(), clock.instant())),
                provider -> database.reading(tx -> OfferRows.one(tx, provider, clock.instant())),
                families -> database.reading(tx -> OfferRows.records(tx, families, clock.instant())),
                Thread::startVirtualThread,
                settings.api().limits().database(),
                clock);
    }

    /**
     * @param reading reads them; blocks
     * @param one reads one of them; blocks
     * @param recorded reads what their owners have shown in some families; blocks
     * @param beside runs a reading that nobody waits for
     * @param patience how long one may wait for what others read
     */
    PresentOffers(
            Supplier<LiveOffers> reading,
            Function<ProviderId, Optional<OfferView>> one,
            Function<Set<String>, Map<Field, Reputation>> recorded,
            Executor beside,
            Duration patience,
            Clock clock) {
        this.reading = reading;
        this.one = one;
        this.beside = beside;
        this.turn = new OneAtATime(patience);
        this.records = new FamilyRecords(recorded, turn, clock);
        this.clock = clock;
    }

    /** An offer came, went or changed, or a stake did. */
    public void changed() {
        changes.incrementAndGet();
    }

    /**
     * With the records that these jobs ask for; nothing more is read when none asks. May block, and takes a connection of its
     * own then: not for whoever holds another.
     */
    public KnownOffers known(Collection<JobSpec> specs) {
        var families = specs.stream().filter(Shown::matters).map(Field::family).collect(Collectors.toUnmodifiableSet());
        var live = live();
        return new KnownOffers(
                live.views(), live.classes(), live.complete(), families.isEmpty() ? Map.of() : records.of(families));
    }

    /** Those of the moment. May block, and takes a connection of its own then. */
    LiveOffers live() {
        var known = last;
        if (known != null && isUsable(known)) {
            var age = Duration.between(known.at(), clock.instant());
            if (age.compareTo(known.good()) >= 0 && busy.compareAndSet(false, true)) {
                beside.execute(this::refresh);
            }
            return known.offers();
        }
        return read();
    }

    /** That of one provider, among however many others; empty when it is not online. Blocks. */
    Optional<OfferView> live(ProviderId provider) {
        return one.apply(provider);
    }

    private boolean isUsable(Read known) {
        return known.changes() == changes.get()
                && Duration.between(known.at(), clock.instant()).compareTo(USABLE) < 0;
    }

    private void refresh() {
        try {
            turn.read(this::anew);
        } catch (TryLater away) {
            // whoever finds them too old reads them, and says what is wrong
            LOG.debugf("offers are not read anew yet: %s", away.getMessage());
        } finally {
            busy.set(false);
        }
    }

    /** All who wait for a reading share it, if it began after they came. */
    private LiveOffers read() {
        long before = begun.get();
        return turn.read(() -> {
            var known = last;
            return known != null && (known.number() > before || isUsable(known)) ? known.offers() : anew();
        });
    }

    private LiveOffers anew() {
        long number = begun.incrementAndGet();
        long asOf = changes.get();
        var from = clock.instant();
        var offers = reading.get();
        if (!offers.complete()) {
            LOG.warnf(
                    "only %d of the offers are read: orders and explanations know no others",
                    offers.views().size());
        }
        last = new Read(offers, from, Duration.between(from, clock.instant()), asOf, number);
        return offers;
    }
}
