package io.perigee.scheduler.job;

import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Database;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what was said of a job before it was known, once it is. What is still of no job after a day is refused as it would
 * have been at once.
 */
public final class EarlyKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyKeeper.class);
    private static final Duration KEPT = Duration.ofDays(1);
    /** The job of most is on its way. */
    private static final Duration SOON = Duration.ofMillis(100);

    private static final Duration ON_ITS_WAY = Duration.ofMinutes(1);
    private static final int BATCH = 100;

    private final Database database;
    private final EarlyBook early;
    private final Records records;
    private final JobDesk jobs;
    private final Aside aside = new Aside();

    public EarlyKeeper(Database database, EarlyBook early, Records records, JobDesk jobs) {
        this.database = database;
        this.early = early;
        this.records = records;
        this.jobs = jobs;
    }

    /**
     * Applies what has its job now. One that cannot be applied keeps no other from it.
     *
     * @return when to look again; at most {@code longest}
     */
    public Duration round(Duration longest) {
        var now = jobs.now();
        long last = 0;
        List<EarlyBook.Early> ripe;
        do {
            long after = last;
            ripe = database.reading(tx -> early.ripe(tx, after, now.minus(KEPT), BATCH));
            for (var each : ripe) {
                if (!aside.holds(each.job(), now)) {
                    apply(each);
                }
                last = each.number();
            }
        } while (ripe.size() == BATCH);
        boolean soon = database.reading(tx -> early.isAwaited(tx, now.minus(ON_ITS_WAY)));
        return soon && SOON.compareTo(longest) < 0 ? SOON : longest;
    }

    private void apply(EarlyBook.Early each) {
        try {
            database.transact(tx -> {
                if (early.take(tx, each.number())) {
                    records.late(tx, each.envelope());
                }
            });
            aside.release(each.job());
        } catch (TryLater away) {
            throw away;
        } catch (RuntimeException fault) {
            // what follows of the same job waits with it
            var until = aside.put(each.job(), jobs.now());
            LOG.atError()
                    .addKeyValue("jobId", each.job())
                    .addKeyValue("type", each.envelope().type())
                    .addKeyValue("until", until)
                    .setCause(fault)
                    .log("what came before its job cannot be applied");
        }
    }
}
