package io.perigee.scheduler.job;

import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.JobInput;
import io.perigee.protocol.id.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells jobs that their time has come, once all is heard that was said before. One queue for every deadline there is: the
 * jobs' own {@code due} instants.
 */
public final class DeadlineKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(DeadlineKeeper.class);
    private static final int BATCH = 100;
    /** What was not heard by one round may be by the next. */
    private static final Duration AGAIN = Duration.ofMillis(500);
    /** After which it listens again: where many are due, what it heard grows old. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);

    private final Database database;
    private final JobBook book;
    private final JobDesk jobs;
    private final Hearing hearing;
    private final Aside aside = new Aside();

    public DeadlineKeeper(Database database, JobBook book, JobDesk jobs, Hearing hearing) {
        this.database = database;
        this.book = book;
        this.jobs = jobs;
        this.hearing = hearing;
    }

    /**
     * Tells every job that is due and of which all is heard. One that cannot be told is due again later: it keeps no other
     * from its time.
     *
     * @return how long nothing is due; at most {@code longest}
     */
    public Duration round(Duration longest) {
        var now = jobs.now();
        var first = due(Optional.empty(), now);
        var listened = hearing.listen(now, !first.isEmpty());
        if (listened.isEmpty() && !first.isEmpty()) {
            return longest;
        }
        var heard = listened.orElse(_ -> Instant.MIN);
        boolean all = true;
        long from = System.nanoTime();
        for (var due = first; !due.isEmpty(); due = due(Optional.of(due.getLast()), now)) {
            if (System.nanoTime() - from > LONG_ENOUGH.toNanos()) {
                return Duration.ZERO;
            }
            for (var each : due) {
                if (!heard.apply(each.job()).isBefore(each.at())) {
                    tell(each.job());
                } else {
                    all = false;
                }
            }
        }
        if (!all) {
            return AGAIN.compareTo(longest) < 0 ? AGAIN : longest;
        }
        Optional<Instant> next = database.inTransaction(book::nextDue);
        return next.map(at -> Duration.between(jobs.now(), at))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
                .filter(wait -> wait.compareTo(longest) < 0)
                .orElse(longest);
    }

    private List<JobBook.Due> due(Optional<JobBook.Due> after, Instant now) {
        return database.inTransaction(tx -> book.due(tx, after, now, BATCH));
    }

    private void tell(JobId id) {
        try {
            database.transact(tx -> tell(tx, id));
            aside.release(id);
        } catch (TryLater away) {
            throw away;
        } catch (RuntimeException fault) {
            var now = jobs.now();
            var until = aside.put(id, now);
            LOG.atError()
                    .addKeyValue("jobId", id)
                    .addKeyValue("until", until)
                    .setCause(fault)
                    .log("job is set aside");
            database.transact(tx -> book.plan(tx, id, now, Optional.of(until)));
        }
    }

    private void tell(Tx tx, JobId id) {
        book.lock(tx, id).ifPresent(stored -> {
            var after = jobs.decide(tx, stored, new JobInput.TimePassed(), List.of());
            if (after.version() == stored.version()) {
                plan(tx, id, after);
            }
        });
    }

    /** Other rules than those by which it was written may have it due later: else it would be read again and again. */
    private void plan(Tx tx, JobId id, StoredJob stored) {
        var now = jobs.now();
        var due = Optional.ofNullable(stored.job()).flatMap(job -> job.nextDeadline(jobs.policy()));
        if (due.filter(at -> !at.isAfter(now)).isPresent()) {
            throw new IllegalStateException(
                    "Expected something to happen to job '%s', which was due at %s, but nothing did"
                            .formatted(id, due.get()));
        }
        book.plan(tx, id, now, due);
    }
}
