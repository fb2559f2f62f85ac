package io.perigee.settlement.reservation;

import io.perigee.eventlog.TryLater;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.EscrowViews;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.watch.ChainBook;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Funding. An order is funded when its builder's allotment at the confirmed block covers the order's maximum beside all
 * that is reserved already; the decision holds the allotment's row, so two orders never share one unit.
 *
 * <p>When the allotment is on the chain but not confirmed yet, the order waits for it; when it is not even there, or the
 * time is over, the order is refused.
 */
public final class Reservations {
    private static final Logger LOG = LoggerFactory.getLogger(Reservations.class);
    private static final int MOST_AT_ONCE = 100;

    /** So many W after the deadline the contract still takes releases under an order. */
    private static final int WINDOWS_DRAWABLE = 6;

    private final Database database;
    private final OrderTerms terms;
    private final ChainReader reader;
    private final EscrowViews views;
    private final FactLog facts;
    private final InstantSource clock;
    private final Duration patience;
    private final long startBlock;
    /** Many who cannot be funded must keep nobody behind them from being looked at. */
    private Optional<Reservation> lastLookedAt = Optional.empty();

    public Reservations(
            Database database,
            OrderTerms terms,
            ChainReader reader,
            EscrowViews views,
            FactLog facts,
            InstantSource clock,
            Duration patience,
            long startBlock) {
        this.database = database;
        this.terms = terms;
        this.reader = reader;
        this.views = views;
        this.facts = facts;
        this.clock = clock;
        this.patience = patience;
        this.startBlock = startBlock;
    }

    /** Takes a submitted job. A job that was taken before stays as it was decided. */
    public void submitted(Tx tx, JobSubmitted submitted, String trace) {
        var job = submitted.jobId();
        if (ReservationBook.find(tx, job).isPresent()) {
            return;
        }
        var now = clock.instant();
        var orderHash = submitted.order().digest(terms.domain());
        var queue = Duration.ofSeconds(submitted.spec().deadlines().queue());
        var reservation = new Reservation(
                job,
                orderHash,
                submitted.order(),
                submitted.orderSignature(),
                Reservation.State.WAITING,
                now.plus(queue.compareTo(patience) < 0 ? queue : patience),
                trace);
        // the contract goes by the chain's time: what that leaves no room for cannot be promised
        var latest = ChainBook.time(tx).filter(now::isBefore).orElse(now);
        var refusal = terms.refuse(submitted, latest)
                .or(() -> refuseSignature(submitted, orderHash))
                .or(() -> refuseReplay(tx, orderHash));
        if (refusal.isPresent()) {
            if (!ReservationBook.orderKnown(tx, orderHash)) {
                ReservationBook.insert(tx, reservation);
                ReservationBook.moveTo(tx, job, Reservation.State.REFUSED);
            }
            refused(tx, reservation, refusal.get());
            return;
        }
        ReservationBook.insert(tx, reservation);
        fund(tx, reservation);
    }

    /** Looks again at what waits, and lets go what nobody can draw any more. Asks the node, so it is not called inside a transaction. */
    public void step() {
        database.transact(this::letGo);
        var after = lastLookedAt;
        var page = database.inTransaction(tx -> ReservationBook.waiting(tx, after, MOST_AT_ONCE));
        for (var waiting : page) {
            // whatever becomes of it, the next round goes on behind it
            lastLookedAt = Optional.of(waiting);
            boolean coming = isComing(waiting);
            database.transact(tx -> {
                var locked = ReservationBook.lock(tx, waiting.job());
                if (locked.filter(r -> r.state() == Reservation.State.WAITING).isEmpty()
                        || fund(tx, waiting)
                        || (coming && clock.instant().isBefore(waiting.waitUntil()))) {
                    return;
                }
                var standing = Allotments.lock(tx, waiting.key());
                ReservationBook.moveTo(tx, waiting.job(), Reservation.State.REFUSED);
                refused(tx, waiting, tooSmall(waiting, standing));
            });
        }
        if (page.size() < MOST_AT_ONCE) {
            lastLookedAt = Optional.empty();
        }
    }

    /** The contract goes by the chain's time, and what it took by then the books know. */
    private void letGo(Tx tx) {
        var time = ChainBook.confirmedTime(tx);
        if (time.isEmpty()) {
            return;
        }
        var changed = new LinkedHashMap<Allotments.Key, String>();
        for (var job : ReservationBook.over(tx, time.get(), drawable(), MOST_AT_ONCE)) {
            var held = ReservationBook.lock(tx, job)
                    .filter(r -> r.state() == Reservation.State.KEPT || r.state() == Reservation.State.OPEN);
            if (held.isPresent()) {
                Allotments.hold(tx, held.get().key());
                ReservationBook.moveTo(tx, job, Reservation.State.RELEASED);
                changed.put(held.get().key(), held.get().trace());
            }
        }
        tell(tx, changed);
    }

    /**
     * Gives back what is left of a job's reservation, except for what its assignments can still draw: that is kept until the
     * contract takes no more releases. Returns what the order did not cost; 0 when it was never funded.
     */
    public Amount release(Tx tx, JobId job) {
        return release(tx, job, Amount.ZERO);
    }

    /** The same for an order that an epoch paid, which the escrow does not count as the order's cost. */
    public Amount release(Tx tx, JobId job, Amount byEpoch) {
        var changed = new LinkedHashMap<Allotments.Key, String>();
        var left = release(tx, job, byEpoch, changed);
        tell(tx, changed);
        return left;
    }

    /** Tells how allotments stand, each once, whatever number of releases in the transaction changed it. */
    public void tell(Tx tx, Map<Allotments.Key, String> changed) {
        changed.forEach((key, trace) -> facts.publish(tx, Allotments.changed(tx, key), trace));
    }

    /**
     * The same for one of several jobs in the transaction.
     *
     * @param changed takes whose allotment it changed, with the job's trace, to be {@linkplain #tell told} when all are released
     */
    public Amount release(Tx tx, JobId job, Amount byEpoch, Map<Allotments.Key, String> changed) {
        var reservation = ReservationBook.lock(tx, job);
        if (reservation.isEmpty()) {
            return Amount.ZERO;
        }
        var held = reservation.get();
        return switch (held.state()) {
            case KEPT, REFUSED, RELEASED -> Amount.ZERO;
            case WAITING -> {
                ReservationBook.moveTo(tx, job, Reservation.State.RELEASED);
                yield Amount.ZERO;
            }
            case OPEN -> {
                Allotments.hold(tx, held.key());
                // carried, the epoch's pay is in the order's cost as well
                var cost = larger(ReservationBook.spent(tx, held.orderHash()), byEpoch);
                end(tx, held, cost, byEpoch);
                changed.put(held.key(), held.trace());
                yield held.maximum().covers(cost) ? held.maximum().minus(cost) : Amount.ZERO;
            }
        };
    }

    /** How long after its deadline the contract takes releases for an order. */
    private Duration drawable() {
        return terms.window().multipliedBy(WINDOWS_DRAWABLE);
    }

    private void end(Tx tx, Reservation held, Amount cost, Amount byEpoch) {
        var drawsTo = smaller(held.maximum(), cost.plus(ReservationBook.undrawn(tx, held, !byEpoch.isZero())));
        var until = Instant.ofEpochSecond(held.order().deadline()).plus(drawable());
        boolean over = ChainBook.confirmedTime(tx).filter(until::isBefore).isPresent();
        if (over || cost.covers(drawsTo)) {
            ReservationBook.moveTo(tx, held.job(), Reservation.State.RELEASED);
            return;
        }
        ReservationBook.keep(tx, held.job(), drawsTo, byEpoch, until);
        LOG.atInfo()
                .addKeyValue("jobId", held.job())
                .addKeyValue("kept", drawsTo.minus(cost))
                .addKeyValue("until", until)
                .log("reservation kept for what its assignments can still draw");
    }

    private static Amount larger(Amount one, Amount other) {
        return one.covers(other) ? one : other;
    }

    private static Amount smaller(Amount one, Amount other) {
        return one.covers(other) ? other : one;
    }

    /** True when it was funded. */
    private boolean fund(Tx tx, Reservation reservation) {
        var standing = Allotments.lock(tx, reservation.key());
        if (!standing.available().covers(reservation.maximum())) {
            return false;
        }
        ReservationBook.moveTo(tx, reservation.job(), Reservation.State.OPEN);
        long block = ChainBook.confirmed(tx, startBlock);
        facts.publish(
                tx, new JobFunded(reservation.job(), reservation.maximum(), Math.max(0, block)), reservation.trace());
        facts.publish(tx, Allotments.changed(tx, reservation.key()), reservation.trace());
        LOG.atInfo()
                .addKeyValue("jobId", reservation.job())
                .addKeyValue("reserved", reservation.maximum())
                .log("job funded");
        return true;
    }

    private void refused(Tx tx, Reservation reservation, Rejected why) {
        facts.publish(tx, new FundingRefused(reservation.job(), why.code(), why.detail()), reservation.trace());
        LOG.atInfo()
                .addKeyValue("jobId", reservation.job())
                .addKeyValue("code", why.code())
                .addKeyValue("detail", why.detail())
                .log("funding refused");
    }

    private static Rejected tooSmall(Reservation reservation, Allotments.Standing standing) {
        return new Rejected(
                ErrorCode.ALLOTMENT_TOO_SMALL,
                "Expected to reserve %s for job '%s', but of the allotment of %s only %s is free"
                        .formatted(reservation.maximum(), reservation.job(), standing.total(), standing.available()));
    }

    private Optional<Rejected> refuseSignature(JobSubmitted submitted, Digest orderHash) {
        var builder = submitted.order().builder();
        if (Signatures.isBy(builder, orderHash, submitted.orderSignature()) || approvedOnChain(orderHash)) {
            return Optional.empty();
        }
        return Optional.of(new Rejected(
                ErrorCode.BAD_SIGNATURE,
                "Expected an order signed by %s for chain %d and escrow %s, but the signature is not its own and no approval is recorded"
                        .formatted(
                                builder,
                                terms.domain().chainId(),
                                terms.domain().escrow())));
    }

    private static Optional<Rejected> refuseReplay(Tx tx, Digest orderHash) {
        if (ReservationBook.orderKnown(tx, orderHash)
                || !ReservationBook.spent(tx, orderHash).isZero()) {
            return Optional.of(new Rejected(
                    ErrorCode.REPLAYED_ORDER,
                    "Expected a fresh order, but order %s was used before".formatted(orderHash)));
        }
        return Optional.empty();
    }

    /** Contract wallets record their orders on chain. */
    private boolean approvedOnChain(Digest orderHash) {
        try {
            return views.orderApproved(orderHash, reader.head().number());
        } catch (ChainUnavailable e) {
            throw new TryLater("Expected to look an order's approval up, but the chain node does not answer", e);
        }
    }

    /** Whether the head of the chain holds what the confirmed books do not show yet. */
    private boolean isComing(Reservation waiting) {
        var key = waiting.key();
        var atHead = views.allotment(
                key.builder(), key.hub(), key.token(), reader.head().number());
        var reserved = database.inTransaction(tx -> Allotments.lock(tx, key)).reserved();
        return atHead.covers(reserved.plus(waiting.maximum()));
    }
}
