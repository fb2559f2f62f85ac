package io.perigee.settlement.payout;

import io.perigee.eventlog.CrashPoints;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.payout.EpochLines;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.chain.ChainReader;
import io.perigee.settlement.chain.Inclusion;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.intent.Intent;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.IntentListener;
import io.perigee.settlement.intent.IntentState;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.reservation.Reservation;
import io.perigee.settlement.reservation.ReservationBook;
import io.perigee.settlement.reservation.Reservations;
import io.perigee.settlement.watch.ChainBook;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a decided job to money that has moved: evidence to the contract, credits reserved, W waited for, credits
 * collected, told to everybody. What happened is read from confirmed events only, whoever sent the transactions.
 */
public final class Payouts implements IntentListener {
    private static final Logger LOG = LoggerFactory.getLogger(Payouts.class);
    private static final int MOST_AT_ONCE = 200;

    /** The contract takes evidence until so many W after the deadline. */
    private static final int WINDOWS_OPEN = 6;

    /** For orders that are not direct it does so only after so many: until then their epoch may pay them. */
    private static final int WINDOWS_TO_EPOCHS = 4;

    /** How often in a window it is looked whether courts are done. */
    private static final int COURTS_LOOKED_AT = 8;

    private final Database database;
    private final Domain domain;
    private final Duration window;
    private final Encoder encoder;
    private final Presentable presentable;
    private final Showing showing;
    private final Collecting collecting;
    private final Reservations reservations;
    private final ChainReader reader;
    private final FactLog facts;
    private final InstantSource clock;
    private final long startBlock;

    public Payouts(
            Database database,
            Domain domain,
            Duration window,
            Encoder encoder,
            Reservations reservations,
            ChainReader reader,
            FactLog facts,
            InstantSource clock,
            long startBlock) {
        this.database = database;
        this.domain = domain;
        this.window = window;
        this.encoder = encoder;
        this.presentable = new Presentable(domain);
        this.showing = new Showing(encoder, presentable);
        this.collecting = new Collecting(encoder, window);
        this.reservations = reservations;
        this.reader = reader;
        this.facts = facts;
        this.clock = clock;
        this.startBlock = startBlock;
    }

    /** Takes a job's end. A job that was decided before stays as it was. */
    public void decided(Tx tx, JobId job, Payable decided, String trace) {
        var reservation = ReservationBook.lock(tx, job).filter(held -> held.state() == Reservation.State.OPEN);
        var now = clock.instant();
        if (reservation.isEmpty()) {
            settleUnpaid(tx, job, null, trace);
            return;
        }
        var held = reservation.get();
        var payable = presentable.within(tx, held, decided);
        if (payable.owesNothing()) {
            settleUnpaid(tx, job, held.orderHash(), trace);
            return;
        }
        if (held.order().direct() && DebtBook.open(tx, job, held.orderHash(), Debt.State.SENDING, trace, now)) {
            remember(tx, job, payable);
            DebtBook.decided(tx, job, payable);
            plan(tx, held, payable);
        } else if (!held.order().direct()) {
            joinEpoch(tx, held, payable, trace);
        }
    }

    /** Nobody is owed anything, or nothing can be shown for it. */
    private void settleUnpaid(Tx tx, JobId job, @Nullable Digest orderHash, String trace) {
        if (DebtBook.open(tx, job, orderHash, Debt.State.SETTLED, trace, clock.instant())) {
            var refunded = reservations.release(tx, job);
            facts.publish(tx, new JobSettled(job, List.of(), 0, List.of(), refunded, List.of()), trace);
            LOG.atInfo()
                    .addKeyValue("jobId", job)
                    .addKeyValue("refunded", refunded)
                    .log("job settled without a payment");
        }
    }

    /** Its order's epoch is to pay it; but only `direct` takes bonds, and what no quorum stands behind is in no epoch. */
    private void joinEpoch(Tx tx, Reservation held, Payable payable, String trace) {
        var order = held.order();
        var job = held.job();
        boolean burns = !EpochLines.suffice(order, payable);
        boolean joins = !burns && Presentable.isAgreed(held, payable);
        var lines = new LineCollector();
        EpochLines.add(order, payable, domain, lines);
        var planned = lines.lines();
        if (planned.count() == 0 && !burns) {
            // an epoch has no place for what pays nobody
            settleUnpaid(tx, job, held.orderHash(), trace);
            return;
        }
        var deadline = Instant.ofEpochSecond(order.deadline());
        var epoch = new EpochId(order.hub(), order.token(), EpochId.numberOf(order.deadline(), window));
        var directAt = deadline.plus(window.multipliedBy(WINDOWS_TO_EPOCHS));
        var state = joins ? Debt.State.WAITING_EPOCH : Debt.State.WAITING_DIRECT;
        if (!DebtBook.join(tx, held, payable, state, epoch.number(), directAt, trace, clock.instant())) {
            return;
        }
        remember(tx, job, payable);
        for (int i = 0; i < planned.count(); i++) {
            var line = planned.line(i);
            DebtBook.line(tx, job, line.assignmentHash(), line.owner(), line.amount());
        }
        facts.publish(
                tx,
                joins
                        ? new EpochJoined(
                                job,
                                epoch.number(),
                                Instant.ofEpochSecond(epoch.postedFrom(window)),
                                Instant.ofEpochSecond(epoch.demandedUntil(window)))
                        : new EpochLeft(
                                job,
                                epoch.number(),
                                burns ? "a bond burns by evidence only" : "fewer agree than the order's quorum",
                                directAt),
                trace);
        LOG.atInfo()
                .addKeyValue("jobId", job)
                .addKeyValue("epoch", epoch.number())
                .addKeyValue("state", state)
                .log("payout left to its epoch");
    }

    /** Sends the evidence of a job that no epoch paid; the contract takes it now. */
    public void send(Tx tx, JobId job, Payable payable) {
        var held = ReservationBook.find(tx, job).orElseThrow();
        var standing = presentable.within(tx, held, payable);
        if (standing.owesNothing()) {
            settle(tx, DebtBook.find(tx, job).orElseThrow(), Map.of());
            return;
        }
        DebtBook.decided(tx, job, standing);
        DebtBook.moveTo(tx, job, Debt.State.SENDING, 1, null, clock.instant());
        plan(tx, held, standing);
    }

    /** The contract takes no more evidence of a job: it is settled with what others had it pay. */
    public void takenNoMore(Tx tx, JobId job) {
        DebtBook.moveTo(tx, job, Debt.State.SENDING, 1, null, clock.instant());
    }

    private void plan(Tx tx, Reservation held, Payable payable) {
        var over = Instant.ofEpochSecond(held.order().deadline()).plus(window.multipliedBy(WINDOWS_OPEN));
        showing.plan(tx, held, payable, clock.instant(), over);
    }

    @Override
    public void sent(Tx tx, Intent intent, Digest transaction) {
        intent.job().ifPresent(job -> {
            var trace = DebtBook.find(tx, job).map(Debt::trace).orElse("");
            facts.publish(tx, new SettlementSent(job, intent.purpose().key(), transaction.value()), trace);
        });
    }

    /** Takes every job as far as the confirmed chain allows. Asks the node for gas figures, so it is not in a transaction. */
    public void step() {
        for (var debt : database.inTransaction(
                tx -> DebtBook.toLookAt(tx, ChainBook.time(tx), MOST_AT_ONCE, clock.instant()))) {
            switch (debt.state()) {
                case SENDING -> whenSent(debt);
                case MATURING -> whenMature(debt);
                case COLLECTING -> whenCollected(debt);
                // theirs is the way through epochs
                case WAITING_EPOCH, IN_EPOCH, POSTED, WAITING_DIRECT, CARRYING, SETTLED -> {}
            }
        }
    }

    private void whenSent(Debt debt) {
        var intents = database.inTransaction(tx -> Showing.intents(tx, debt.job()));
        if (!intents.stream().allMatch(intent -> intent.state().isFinal())) {
            database.transact(tx -> showing.look(tx, debt, intents, clock.instant()));
            return;
        }
        if (!intents.stream().allMatch(this::isPast)) {
            return;
        }
        var gas = gasOf(debt);
        database.transact(tx -> {
            if (DebtBook.lock(tx, debt.job(), Debt.State.SENDING).isEmpty()) {
                return;
            }
            var credits = DebtBook.credits(tx, debt.requireOrder());
            if (credits.isEmpty()) {
                if (intents.isEmpty()) {
                    LOG.atError().addKeyValue("jobId", debt.job()).log("job could not be paid in its time");
                }
                settle(tx, debt, gas);
                return;
            }
            reserved(tx, debt, intents, credits, gas);
        });
    }

    private void reserved(
            Tx tx, Debt debt, List<Intent> intents, List<DebtBook.Credit> credits, Map<Digest, Inclusion> gas) {
        var maturesAt = latest(credits);
        var moved = ChainBook.movedFor(tx, debt.requireOrder());
        var main = intents.stream()
                .reduce((_, last) -> last)
                .filter(intent -> intent.state() == IntentState.CONFIRMED)
                .flatMap(Intent::outcome)
                .map(Intent.Outcome::transaction)
                .orElse(moved.getLast().transaction());
        long block = moved.stream()
                .filter(m -> m.transaction().equals(main))
                .mapToLong(ChainBook.Moved::block)
                .findFirst()
                .orElse(moved.getLast().block());
        facts.publish(
                tx,
                new CreditsReserved(
                        debt.job(),
                        main.value(),
                        block,
                        gasSum(gas),
                        credits.stream().map(DebtBook.Credit::payout).toList(),
                        maturesAt),
                debt.trace());
        DebtBook.moveTo(tx, debt.job(), Debt.State.MATURING, debt.round(), maturesAt, clock.instant());
        LOG.atInfo()
                .addKeyValue("jobId", debt.job())
                .addKeyValue("txHash", main)
                .log("credits reserved");
    }

    private void whenMature(Debt debt) {
        database.transact(tx -> {
            var chainTime = ChainBook.time(tx);
            if (chainTime.isEmpty()
                    || debt.maturesAt()
                            .filter(at -> at.isAfter(chainTime.get()))
                            .isPresent()
                    || DebtBook.lock(tx, debt.job(), Debt.State.MATURING).isEmpty()) {
                return;
            }
            var now = clock.instant();
            if (collecting.plan(tx, debt, now)) {
                DebtBook.moveTo(
                        tx,
                        debt.job(),
                        Debt.State.COLLECTING,
                        debt.round(),
                        debt.maturesAt().orElse(null),
                        now);
            } else {
                var later = chainTime.get().plus(window.dividedBy(COURTS_LOOKED_AT));
                DebtBook.moveTo(tx, debt.job(), Debt.State.MATURING, debt.round(), later, now);
            }
        });
    }

    private void whenCollected(Debt debt) {
        var purpose = Purpose.collect(debt.job(), debt.round());
        var intent = database.inTransaction(tx -> IntentBook.find(tx, purpose));
        var credits = database.inTransaction(tx -> DebtBook.credits(tx, debt.requireOrder()));
        boolean all = credits.stream().noneMatch(DebtBook.Credit::isOutstanding);
        boolean over = intent.isEmpty() || (intent.get().state().isFinal() && isPast(intent.get()));
        if (!all && !over) {
            database.transact(tx -> collecting.look(tx, debt, intent.get(), clock.instant()));
            return;
        }
        collecting.forget(purpose);
        var gas = gasOf(debt);
        database.transact(tx -> {
            if (DebtBook.lock(tx, debt.job(), Debt.State.COLLECTING).isEmpty()) {
                return;
            }
            boolean givenUp =
                    intent.filter(i -> i.state() == IntentState.ABANDONED).isPresent();
            if (all || givenUp) {
                IntentBook.fulfil(tx, purpose, clock.instant());
                CrashPoints.hit("settlement.before-settled");
                settle(tx, debt, gas);
            } else {
                // credits that came after the collection was planned: one more round for them
                DebtBook.moveTo(
                        tx, debt.job(), Debt.State.MATURING, debt.round() + 1, latest(credits), clock.instant());
            }
        });
    }

    private void settle(Tx tx, Debt debt, Map<Digest, Inclusion> gas) {
        var order = debt.requireOrder();
        var refunded = reservations.release(tx, debt.job());
        var hashes = ChainBook.movedFor(tx, order).stream()
                .map(moved -> moved.transaction().value())
                .toList();
        var payouts = DebtBook.credits(tx, order).stream()
                .map(DebtBook.Credit::payout)
                .toList();
        facts.publish(
                tx,
                new JobSettled(debt.job(), hashes, gasSum(gas), payouts, refunded, DebtBook.burns(tx, order)),
                debt.trace());
        DebtBook.moveTo(
                tx,
                debt.job(),
                Debt.State.SETTLED,
                debt.round(),
                debt.maturesAt().orElse(null),
                clock.instant());
        LOG.atInfo()
                .addKeyValue("jobId", debt.job())
                .addKeyValue("refunded", refunded)
                .log("job settled");
    }

    /**
     * Whether the confirmed books include what ended the intent; what it was that made one of ours needless or too late may
     * be as young as the head was then. A confirmed transaction is looked up once more: should a
     * reorganisation have taken it after all, its bytes are on their way again and nothing is decided before they are back.
     */
    private boolean isPast(Intent intent) {
        long confirmed = database.inTransaction(tx -> ChainBook.confirmed(tx, startBlock));
        if (intent.state() != IntentState.CONFIRMED) {
            return intent.endedIn().isPresent() && intent.endedIn().getAsLong() <= confirmed;
        }
        var hash = intent.outcome().orElseThrow().transaction();
        return reader.inclusion(hash).filter(in -> in.block() <= confirmed).isPresent();
    }

    private Map<Digest, Inclusion> gasOf(Debt debt) {
        Map<Digest, Inclusion> found = new HashMap<>();
        for (var moved : database.inTransaction(tx -> ChainBook.movedFor(tx, debt.requireOrder()))) {
            reader.inclusion(moved.transaction()).ifPresent(in -> found.put(moved.transaction(), in));
        }
        return found;
    }

    private static long gasSum(Map<Digest, Inclusion> gas) {
        return gas.values().stream().mapToLong(Inclusion::gasUsed).sum();
    }

    private static Instant latest(List<DebtBook.Credit> credits) {
        return credits.stream()
                .map(DebtBook.Credit::maturesAt)
                .max(Instant::compareTo)
                .orElseThrow();
    }

    private void remember(Tx tx, JobId job, Payable payable) {
        for (var assignment : payable.assignments()) {
            DebtBook.assigned(tx, job, assignment.digest(domain), assignment);
        }
    }
}
