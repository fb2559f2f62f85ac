package io.perigee.scheduler.draw;

import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.lifecycle.JobInput;
import io.perigee.market.lifecycle.State;
import io.perigee.market.lifecycle.TrackRecord;
import io.perigee.protocol.id.Digest;
import io.perigee.scheduler.job.Aside;
import io.perigee.scheduler.job.JobBook;
import io.perigee.scheduler.job.JobDesk;
import io.perigee.scheduler.record.RecordBook;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the head of the chain, and tells jobs the hash of the block that their receipts name once enough stand on it. */
public final class DrawKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(DrawKeeper.class);
    private static final int BATCH = 100;

    private final Database database;
    private final JobBook book;
    private final RecordBook records;
    private final JobDesk jobs;
    private final Blocks blocks;
    private final KnownHead head;
    private final int confirmations;
    private final Aside aside = new Aside();

    /**
     * @param head where the newest number is kept; receipts name a later one
     * @param confirmations how many blocks must stand on the one that draws
     */
    public DrawKeeper(
            Database database,
            JobBook book,
            RecordBook records,
            JobDesk jobs,
            Blocks blocks,
            KnownHead head,
            int confirmations) {
        this.database = database;
        this.book = book;
        this.records = records;
        this.jobs = jobs;
        this.blocks = blocks;
        this.head = head;
        this.confirmations = confirmations;
    }

    /**
     * Looks at the head of the chain once. However many jobs wait for a block: while the head is no news, whoever seals is
     * audited whole.
     *
     * @return the pause that was given
     */
    public Duration follow(Duration pause) {
        head.follow(blocks::head);
        return pause;
    }

    /**
     * Looks at the chain once, and tells every job whose block stands.
     *
     * @return the pause that was given
     */
    public Duration round(Duration pause) {
        long confirmed = head.follow(blocks::head) - confirmations;
        Map<Long, Optional<Digest>> hashes = new HashMap<>();
        Optional<JobBook.Awaiting> last = Optional.empty();
        List<JobBook.Awaiting> waiting;
        do {
            var after = last;
            waiting = database.inTransaction(tx -> book.awaitingBlock(tx, after, confirmed, BATCH));
            for (var each : waiting) {
                if (!aside.holds(each.job(), jobs.now())) {
                    hashes.computeIfAbsent(each.block(), blocks::hash).ifPresent(hash -> tell(each, hash));
                }
                last = Optional.of(each);
            }
        } while (waiting.size() == BATCH);
        return pause;
    }

    /** A job about which nothing can be decided keeps no other from its draw. */
    private void tell(JobBook.Awaiting each, Digest hash) {
        try {
            database.transact(tx -> tell(tx, each, hash));
            aside.release(each.job());
        } catch (TryLater away) {
            throw away;
        } catch (RuntimeException fault) {
            LOG.atError()
                    .addKeyValue("jobId", each.job())
                    .addKeyValue("block", each.block())
                    .addKeyValue("until", aside.put(each.job(), jobs.now()))
                    .setCause(fault)
                    .log("job is set aside");
        }
    }

    private void tell(Tx tx, JobBook.Awaiting awaiting, Digest hash) {
        book.lock(tx, awaiting.job()).ifPresent(stored -> {
            int verified = stored.job() == null ? 0 : verified(tx, stored.job());
            jobs.decide(tx, stored, new JobInput.DrawBlockKnown(awaiting.block(), hash, verified), List.of());
        });
    }

    /** Of the owner whose run is audited. */
    private int verified(Tx tx, Job job) {
        return job.state() instanceof State.Auditing auditing
                ? records.reputation(tx, TrackRecord.field(job, job.attempt(auditing.run())), jobs.now())
                        .verified()
                : 0;
    }
}
