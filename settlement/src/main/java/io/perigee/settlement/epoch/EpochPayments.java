package io.perigee.settlement.epoch;

import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.id.Amount;
import io.perigee.settlement.ledger.EpochBooks;
import io.perigee.settlement.payout.Debt;
import io.perigee.settlement.reservation.Allotments;
import io.perigee.settlement.reservation.Reservations;
import io.perigee.settlement.watch.ChainBook;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells jobs what became of their epoch: posted, settled, void; or that it was built without them. Some at a time. */
public final class EpochPayments {
    private static final Logger LOG = LoggerFactory.getLogger(EpochPayments.class);
    private static final int MOST_AT_ONCE = 200;

    private final EpochTools tools;
    private final Reservations reservations;

    public EpochPayments(EpochTools tools, Reservations reservations) {
        this.tools = tools;
        this.reservations = reservations;
    }

    /** Returns true when there is more to tell at once. */
    public boolean step() {
        tools.database().transact(this::leaveLate);
        boolean more = false;
        Optional<RuntimeException> fault = Optional.empty();
        for (var epoch : tools.database().inTransaction(EpochBook::untold)) {
            try {
                more |= tools.database().inTransaction(tx -> tell(tx, epoch));
            } catch (RuntimeException e) {
                // the jobs of the others are told all the same
                fault = fault.or(() -> Optional.of(e));
            }
        }
        if (fault.isPresent()) {
            throw fault.get();
        }
        return more;
    }

    private boolean tell(Tx tx, Epoch epoch) {
        return switch (epoch.state()) {
            case BUILDING -> false;
            case POSTED, DEMANDED -> posted(tx, epoch);
            case SETTLED -> settled(tx, epoch, Debt.State.IN_EPOCH) | settled(tx, epoch, Debt.State.POSTED);
            case VOID -> left(tx, epoch, Debt.State.IN_EPOCH) | left(tx, epoch, Debt.State.POSTED);
        };
    }

    private boolean posted(Tx tx, Epoch epoch) {
        var post = EpochBooks.find(tx, epoch.id()).orElse(null);
        if (post == null) {
            return false;
        }
        var jobs = EpochJobs.of(tx, epoch.id(), Debt.State.IN_EPOCH, MOST_AT_ONCE);
        var finalAt = Instant.ofEpochSecond(epoch.id().demandedUntil(tools.window()));
        for (var job : jobs) {
            EpochJobs.move(
                    tx,
                    job.job(),
                    Debt.State.IN_EPOCH,
                    Debt.State.POSTED,
                    tools.clock().instant());
            var fact = new EpochPosted(
                    job.job(),
                    epoch.id().number(),
                    post.transaction().value(),
                    post.block(),
                    EpochJobs.payouts(tx, job.job()),
                    finalAt);
            tools.facts().publish(tx, fact, job.trace());
        }
        return jobs.size() == MOST_AT_ONCE;
    }

    /** An epoch that is settled was paid whole; one that could not be is void. */
    private boolean settled(Tx tx, Epoch epoch, Debt.State state) {
        var post = EpochBooks.find(tx, epoch.id()).orElseThrow();
        var settlement = post.settlement().orElseThrow();
        var jobs = EpochJobs.of(tx, epoch.id(), state, MOST_AT_ONCE);
        var hashes =
                List.of(post.transaction().value(), settlement.transaction().value());
        long gas = epoch.gasUsed() / epoch.jobs();
        var changed = new LinkedHashMap<Allotments.Key, String>();
        for (var job : jobs) {
            EpochJobs.move(
                    tx, job.job(), state, Debt.State.SETTLED, tools.clock().instant());
            var payouts = EpochJobs.payouts(tx, job.job());
            var paid = payouts.stream().map(Payout::amount).reduce(Amount.ZERO, Amount::plus);
            var refunded = reservations.release(tx, job.job(), paid, changed);
            tools.facts()
                    .publish(tx, new JobSettled(job.job(), hashes, gas, payouts, refunded, List.of()), job.trace());
            LOG.atInfo()
                    .addKeyValue("jobId", job.job())
                    .addKeyValue("epoch", epoch.id().number())
                    .addKeyValue("refunded", refunded)
                    .log("job settled by its epoch");
        }
        reservations.tell(tx, changed);
        CrashPoints.hit("settlement.epoch-before-settled");
        return jobs.size() == MOST_AT_ONCE;
    }

    private boolean left(Tx tx, Epoch epoch, Debt.State state) {
        var why = EpochBooks.find(tx, epoch.id()).isPresent() ? "it is void" : "it was not posted in time";
        var jobs = EpochJobs.of(tx, epoch.id(), state, MOST_AT_ONCE);
        for (var job : jobs) {
            EpochJobs.leave(tx, job.job(), tools.clock().instant());
            tools.facts().publish(tx, job.left(why), job.trace());
        }
        return jobs.size() == MOST_AT_ONCE;
    }

    private void leaveLate(Tx tx) {
        var time = ChainBook.confirmedTime(tx);
        if (time.isEmpty()) {
            return;
        }
        int last = EpochId.numberOf(time.get().getEpochSecond(), tools.window()) - 1;
        for (var job : EpochJobs.late(tx, last, MOST_AT_ONCE)) {
            EpochJobs.leave(tx, job.job(), tools.clock().instant());
            tools.facts().publish(tx, job.left("the job was decided after it was built"), job.trace());
        }
    }
}
