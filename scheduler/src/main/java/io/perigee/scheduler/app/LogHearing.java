package io.perigee.scheduler.app;

import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.kafka.LogReach.Lane;
import io.perigee.eventlog.kafka.LogReach.Stand;
import io.perigee.eventlog.kafka.LogReach.View;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.job.Hearing;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears by the log: what was there at an instant is heard once schedulers have applied it and the front door has seen what was
 * decided before.
 *
 * <p>After a time in which that did not go on (a restart, a broker or a front door that was away) nobody's time is up for as
 * long again, {@link #MOST} at most: who could neither hear nor be heard was not silent. Where there is more to read than is
 * read, that is once, and then what is heard counts.
 */
final class LogHearing implements Hearing {
    /** Another scheduler takes over, and agents connect again, within about ten seconds: less than this costs nobody his time. */
    static final Duration SHORT = Duration.ofSeconds(20);

    static final Duration MOST = Duration.ofMinutes(15);

    /** One partition that nobody can read holds up the others no longer. */
    static final Duration ALL = Duration.ofMinutes(1);

    /** While nothing hangs on it. */
    static final Duration EVERY = Duration.ofSeconds(5);

    /** How long one call waits until what it finds is read; and how often it looks meanwhile. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    /** What a scheduler says and no broker takes for longer is held up. */
    private static final Duration HELD_UP = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(LogHearing.class);

    /** An end of a partition, and when it was that. */
    private record Mark(Instant at, long end) {}

    private final Supplier<View> log;
    private final Supplier<Duration> held;
    private final Supplier<Optional<Duration>> since;
    private final Runnable memory;
    private final LongSupplier nanos;
    private final Consumer<Duration> pause;

    // of the loop that listens
    private final Map<Lane, Mark> marks = new HashMap<>();
    private final Map<Lane, Instant> heard = new HashMap<>();
    private boolean begun;
    private long lookedAt;
    private long heardAt;
    private long notedAt;
    private long graceUntil;
    /** Whether a gap had its grace, and none without a gap came since. */
    private boolean excused;

    private @Nullable Long answeredSince;

    /**
     * @param held how long the oldest record has waited that this scheduler has to say
     * @param since how long ago all was heard, by whichever scheduler; empty when it never was
     * @param memory notes for others, and for the next start, that all is heard now
     * @param nanos what a clock that nobody sets says
     * @param pause lets time pass
     */
    LogHearing(
            Supplier<View> log,
            Supplier<Duration> held,
            Supplier<Optional<Duration>> since,
            Runnable memory,
            LongSupplier nanos,
            Consumer<Duration> pause) {
        this.log = log;
        this.held = held;
        this.since = since;
        this.memory = memory;
        this.nanos = nanos;
        this.pause = pause;
    }

    @Override
    public Optional<Function<JobId, Instant>> listen(Instant now, boolean matters) {
        if (begun && !matters && nanos.getAsLong() - lookedAt < EVERY.toNanos()) {
            return Optional.empty();
        }
        begin();
        View view;
        try {
            view = look(now);
        } catch (TryLater away) {
            answeredSince = null;
            throw away;
        }
        weigh(view, now);
        return nanos.getAsLong() < graceUntil || isGap()
                ? Optional.empty()
                : Optional.of(job -> view.lanes(job.toString()).stream()
                        .map(lane -> heard.getOrDefault(lane, Instant.MIN))
                        .min(Instant::compareTo)
                        .orElse(Instant.MIN));
    }

    private void begin() {
        if (!begun) {
            heardAt = nanos.getAsLong() - since.get().orElse(Duration.ZERO).toNanos();
            notedAt = heardAt;
            graceUntil = nanos.getAsLong();
            begun = true;
        }
    }

    /** Looks until all is read that was there at the first look, or patience is over. */
    private View look(Instant now) {
        long from = nanos.getAsLong();
        lookedAt = from;
        while (true) {
            var view = log.get();
            if (!view.absent().isEmpty()) {
                throw new TryLater("Nobody of " + view.absent() + " reads the log");
            }
            if (held.get().compareTo(HELD_UP) > 0) {
                throw new TryLater("The broker does not take what the scheduler says");
            }
            view.stands().forEach((lane, stand) -> note(lane, stand, now));
            if (isAllHeard(view, now) || nanos.getAsLong() - from >= PATIENCE.toNanos()) {
                return view;
            }
            pause.accept(LOOK_AGAIN);
        }
    }

    private void note(Lane lane, Stand stand, Instant now) {
        var mark = marks.computeIfAbsent(lane, _ -> new Mark(now, stand.end()));
        // a topic that was made again begins anew
        if (stand.read() >= mark.end() || stand.end() < mark.end()) {
            heard.put(lane, mark.at());
            marks.remove(lane);
        }
    }

    private static boolean isHeard(@Nullable Instant upTo, Instant now, Duration within) {
        return upTo != null && !upTo.isBefore(now.minus(within));
    }

    private boolean isAllHeard(View view, Instant now) {
        return view.stands().keySet().stream().allMatch(lane -> isHeard(heard.get(lane), now, Duration.ZERO));
    }

    private void weigh(View view, Instant now) {
        long at = nanos.getAsLong();
        boolean well = view.stands().keySet().stream().allMatch(lane -> isHeard(heard.get(lane), now, SHORT));
        if (answeredSince == null) {
            answeredSince = at;
        }
        if (isGap() && (well || at - answeredSince > ALL.toNanos())) {
            var gap = Duration.ofNanos(at - heardAt);
            var grace = gap.compareTo(MOST) < 0 ? gap : MOST;
            graceUntil = at + grace.toNanos();
            excused = true;
            LOG.atWarn()
                    .addKeyValue("unheardSeconds", gap.toSeconds())
                    .addKeyValue("graceSeconds", grace.toSeconds())
                    .log("nobody's time is up for a while");
        }
        if (well) {
            if (at - heardAt <= SHORT.toNanos() && at >= graceUntil) {
                excused = false;
            }
            heardAt = at;
            if (at - notedAt >= EVERY.toNanos()) {
                memory.run();
                notedAt = at;
            }
        }
    }

    private boolean isGap() {
        return !excused && nanos.getAsLong() - heardAt > SHORT.toNanos();
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryLater("Interrupted while waiting for the log to be read", e);
        }
    }
}
