package io.perigee.scheduler.draw;

import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.lifecycle.JobInput;
import io.perigee.market.lifecycle.State;
import io.perigee.market.lifecycle.TrackRecord;
import io.perigee.protocol.id.Digest;
import io.perigee.scheduler.job.JobBook;
import io.perigee.scheduler.job.JobDesk;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Follows the head of the chain, and tells jobs the hash of the block that their receipts name once enough stand on it. */
public final class DrawKeeper {
    private static final int BATCH = 100;

    private final Database database;
    private final JobBook book;
    private final OutcomeBook outcomes;
    private final JobDesk jobs;
    private final Blocks blocks;
    private final AtomicLong head;
    private final int confirmations;

    /**
     * @param head where the newest number is kept; receipts name a later one
     * @param confirmations how many blocks must stand on the one that draws
     */
    public DrawKeeper(
            Database database,
            JobBook book,
            OutcomeBook outcomes,
            JobDesk jobs,
            Blocks blocks,
            AtomicLong head,
            int confirmations) {
        this.database = database;
        this.book = book;
        this.outcomes = outcomes;
        this.jobs = jobs;
        this.blocks = blocks;
        this.head = head;
        this.confirmations = confirmations;
    }

    /**
     * Looks at the chain once.
     *
     * @return the pause that was given
     */
    public Duration round(Duration pause) {
        head.set(blocks.head());
        var waiting = database.inTransaction(tx -> book.awaitingBlock(tx, head.get() - confirmations, BATCH));
        for (var each : waiting) {
            blocks.hash(each.block())
                    .ifPresent(hash -> database.transact(tx -> tell(tx, each, hash)));
        }
        return pause;
    }

    private void tell(Tx tx, JobBook.Awaiting awaiting, Digest hash) {
        book.lock(tx, awaiting.job()).ifPresent(stored -> {
            int verified = stored.job() == null ? 0 : verified(tx, stored.job());
            jobs.decide(
                    tx,
                    stored,
                    new JobInput.DrawBlockKnown(awaiting.block(), hash, verified),
                    java.util.List.of());
        });
    }

    /** Of the owner whose run is audited. */
    private int verified(Tx tx, Job job) {
        return job.state() instanceof State.Auditing auditing
                ? outcomes.reputation(tx, TrackRecord.field(job, job.attempt(auditing.run())), jobs.now())
                        .verified()
                : 0;
    }
}
