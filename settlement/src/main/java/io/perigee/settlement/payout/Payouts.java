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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** Refusals that mean "it is done already" when the books show money of the order. */
    private static final Set<String> DONE_BY_OTHERS = Set.of("NothingToDo", "MaxPaymentReached");

    private final Database database;
    private final Domain domain;
    private final Duration window;
    private final Encoder encoder;
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
        this.reservations = reservations;
        this.reader = reader;
        this.facts = facts;
        this.clock = clock;
        this.startBlock = startBlock;
    }

    /** Takes a job's end. A job that was decided before stays as it was. */
    public void decided(Tx tx, JobId job, Payable decided, String trace) {
        var payable = Contradictors.within(tx, decided);
        var reservation = ReservationBook.lock(tx, job).filter(held -> held.state() == Reservation.State.OPEN);
        var now = clock.instant();
        if (reservation.isEmpty() || payable.owesNothing()) {
            var order = reservation.map(Reservation::orderHash).orElse(null);
            if (DebtBook.open(tx, job, order, Debt.State.SETTLED, trace, now)) {
                var refunded = reservations.release(tx, job);
                facts.publish(tx, new JobSettled(job, List.of(), 0, List.of(), refunded, List.of()), trace);
                LOG.atInfo()
                        .addKeyValue("jobId", job)
                        .addKeyValue("refunded", refunded)
                        .log("job settled without a payment");
            }
            return;
        }
        var held = reservation.get();
        if (held.order().direct() && DebtBook.open(tx, job, held.orderHash(), Debt.State.SENDING, trace, now)) {
            remember(tx, job, payable);
            if (!payable.contradictors().isEmpty()) {
                DebtBook.decided(tx, job, payable);
            }
            plan(tx, held, payable);
        } else if (!held.order().direct()) {
            joinEpoch(tx, held, payable, trace);
        }
    }

    /** Its order's epoch is to pay it; but only `direct` takes bonds. */
    private void joinEpoch(Tx tx, Reservation held, Payable payable, String trace) {
        var order = held.order();
        var job = held.job();
        boolean burns = !EpochLines.suffice(order, payable);
        var lines = new LineCollector();
        EpochLines.add(order, payable, domain, lines);
        var deadline = Instant.ofEpochSecond(order.deadline());
        var epoch = new EpochId(order.hub(), order.token(), EpochId.numberOf(order.deadline(), window));
        var directAt = deadline.plus(window.multipliedBy(WINDOWS_TO_EPOCHS));
        var state = burns ? Debt.State.WAITING_DIRECT : Debt.State.WAITING_EPOCH;
        if (!DebtBook.join(tx, held, payable, state, epoch.number(), directAt, trace, clock.instant())) {
            return;
        }
        remember(tx, job, payable);
        var planned = lines.lines();
        for (int i = 0; i < planned.count(); i++) {
            var line = planned.line(i);
            DebtBook.line(tx, job, line.assignmentHash(), line.owner(), line.amount());
        }
        facts.publish(
                tx,
                burns
                        ? new EpochLeft(job, epoch.number(), "a bond burns by evidence only", directAt)
                        : new EpochJoined(
                                job,
                                epoch.number(),
                                Instant.ofEpochSecond(epoch.postedFrom(window)),
                                Instant.ofEpochSecond(epoch.demandedUntil(window))),
                trace);
        LOG.atInfo()
                .addKeyValue("jobId", job)
                .addKeyValue("epoch", epoch.number())
                .addKeyValue("state", state)
                .log("payout left to its epoch");
    }

    /** Sends the evidence of a job that no epoch paid; the contract takes it now. */
    public void send(Tx tx, JobId job, Payable payable) {
        DebtBook.moveTo(tx, job, Debt.State.SENDING, 1, null, clock.instant());
        plan(tx, ReservationBook.find(tx, job).orElseThrow(), Contradictors.within(tx, payable));
    }

    private void plan(Tx tx, Reservation held, Payable payable) {
        var call = encoder.direct(held.order(), held.orderSignature(), payable);
        var over = Instant.ofEpochSecond(held.order().deadline()).plus(window.multipliedBy(WINDOWS_OPEN));
        var job = held.job();
        IntentBook.plan(tx, Purpose.direct(job), Optional.of(job), call, clock.instant(), Optional.of(over));
        LOG.atInfo()
                .addKeyValue("jobId", job)
                .addKeyValue("winners", payable.winners().size())
                .log("payout planned");
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
        for (var debt : database.inTransaction(tx -> DebtBook.unsettled(tx, ChainBook.time(tx), MOST_AT_ONCE))) {
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
        var purpose = Purpose.direct(debt.job());
        var intent = database.inTransaction(tx -> IntentBook.find(tx, purpose)).orElseThrow();
        if (!intent.state().isFinal()) {
            database.transact(tx -> {
                endWhenOthersDidIt(tx, debt, intent);
                leaveOutWhomItRefuses(tx, debt, intent);
            });
            return;
        }
        if (!isPast(intent)) {
            return;
        }
        var gas = gasOf(debt);
        database.transact(tx -> {
            if (DebtBook.lock(tx, debt.job(), Debt.State.SENDING).isEmpty()) {
                return;
            }
            var credits = DebtBook.credits(tx, debt.requireOrder());
            if (credits.isEmpty()) {
                settle(tx, debt, gas);
                return;
            }
            reserved(tx, debt, intent, credits, gas);
        });
    }

    private void reserved(Tx tx, Debt debt, Intent intent, List<DebtBook.Credit> credits, Map<Digest, Inclusion> gas) {
        var maturesAt = latest(credits);
        var moved = ChainBook.movedFor(tx, debt.requireOrder());
        var main = intent.outcome()
                .map(Intent.Outcome::transaction)
                .filter(hash -> intent.state() == IntentState.CONFIRMED)
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

    /** The contract says there is nothing left to do and the books show money of the order: somebody was quicker. */
    private void endWhenOthersDidIt(Tx tx, Debt debt, Intent intent) {
        boolean refused = intent.state() == IntentState.PARKED
                && intent.reason()
                        .filter(reason -> DONE_BY_OTHERS.contains(reason.code()))
                        .isPresent();
        if (refused && !ChainBook.movedFor(tx, debt.requireOrder()).isEmpty()) {
            IntentBook.fulfil(tx, intent.purpose(), clock.instant());
        }
    }

    /** One contradictor whose key turns out to be revoked must not keep the others from their pay. */
    private void leaveOutWhomItRefuses(Tx tx, Debt debt, Intent intent) {
        Contradictors.instead(tx, intent, debt).ifPresent(payable -> {
            var held = ReservationBook.find(tx, debt.job()).orElseThrow();
            var call = encoder.direct(held.order(), held.orderSignature(), payable);
            if (!Arrays.equals(call.data(), intent.call().data())) {
                IntentBook.replan(tx, intent.purpose(), call, clock.instant());
                LOG.atWarn().addKeyValue("jobId", debt.job()).log("shown without runs of revoked keys");
            }
        });
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
            var due = DebtBook.credits(tx, debt.requireOrder()).stream()
                    .filter(DebtBook.Credit::isOutstanding)
                    .map(DebtBook.Credit::assignmentHash)
                    .toList();
            var now = clock.instant();
            if (!due.isEmpty()) {
                IntentBook.plan(
                        tx,
                        Purpose.collect(debt.job(), debt.round()),
                        Optional.of(debt.job()),
                        encoder.collect(due),
                        now,
                        Optional.empty());
            }
            DebtBook.moveTo(
                    tx,
                    debt.job(),
                    Debt.State.COLLECTING,
                    debt.round(),
                    debt.maturesAt().orElse(null),
                    now);
        });
    }

    private void whenCollected(Debt debt) {
        var purpose = Purpose.collect(debt.job(), debt.round());
        var intent = database.inTransaction(tx -> IntentBook.find(tx, purpose));
        var credits = database.inTransaction(tx -> DebtBook.credits(tx, debt.requireOrder()));
        boolean all = credits.stream().noneMatch(DebtBook.Credit::isOutstanding);
        boolean over = intent.isEmpty() || (intent.get().state().isFinal() && isPast(intent.get()));
        if (!all && !over) {
            return;
        }
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
     * Whether the confirmed books include what ended the intent. A confirmed transaction is looked up once more: should a
     * reorganisation have taken it after all, its bytes are on their way again and nothing is decided before they are back.
     */
    private boolean isPast(Intent intent) {
        if (intent.state() != IntentState.CONFIRMED) {
            return true;
        }
        var hash = intent.outcome().orElseThrow().transaction();
        long confirmed = database.inTransaction(tx -> ChainBook.confirmed(tx, startBlock));
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
            DebtBook.assigned(tx, job, assignment.digest(domain), assignment.attempt(), assignment.owner());
        }
    }
}
