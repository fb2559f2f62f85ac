package io.perigee.settlement.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.EpochState;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EpochCalls;
import io.perigee.settlement.ethereum.EscrowCalls;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.payout.Payouts;
import io.perigee.settlement.reservation.OrderTerms;
import io.perigee.settlement.reservation.Reservations;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.NodeProxy;
import io.perigee.settlement.testing.Tables;
import io.perigee.testkit.TestClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no epoch paid: shown while the contract takes it, and given up only when that is over for good. */
class EpochFallbackIT {
    private static final Address BUILDER = Market.key("builder").address();
    private static final Address HUB = Market.key("hub").address();
    private static final Address TOKEN = Market.key("token").address();
    private static final Address OWNER = Market.key("owner").address();
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int EPOCH = 1_000;
    private static final Instant DEADLINE = Instant.ofEpochSecond(EPOCH * WINDOW.toSeconds() + 7);
    private static final Instant DIRECT_AT = DEADLINE.plus(WINDOW.multipliedBy(4));
    private static final Instant CLOSES = DEADLINE.plus(WINDOW.multipliedBy(6));

    private final TestClock clock = TestClock.atNoon();
    // it knows no transaction
    private final NodeProxy proxy =
            NodeProxy.before(URI.create("http://127.0.0.1:9"), question -> Optional.of("\"result\":null"));
    private final Rpc rpc = new Rpc(proxy.url(), Duration.ofSeconds(30));
    private Database database;
    private Payouts payouts;
    private EpochFallback fallback;

    @BeforeEach
    void start() {
        database = Tables.fresh();
        var domain = new Domain(31337, Market.key("escrow").address());
        var node = new EthereumNode(rpc);
        var facts = new FactLog(clock);
        var views = new ContractViews(
                rpc, node, domain.escrow(), Market.key("registry").address());
        var reservations = new Reservations(
                database,
                new OrderTerms(domain, HUB, TOKEN, WINDOW, Duration.ofDays(1)),
                node,
                views,
                facts,
                clock,
                Duration.ofMinutes(5),
                0);
        payouts = new Payouts(
                database, domain, WINDOW, new EscrowCalls(rpc, domain.escrow()), reservations, node, facts, clock, 0);
        var tools = new EpochTools(
                database,
                HUB,
                TOKEN,
                WINDOW,
                10,
                new EpochCalls(rpc, Market.key("epochs").address()),
                facts,
                clock,
                0);
        fallback = new EpochFallback(tools, new EpochLedgers(clock), payouts);
    }

    @AfterEach
    void stop() {
        database.close();
        rpc.close();
        proxy.close();
    }

    @Test
    void shouldGiveNothingUpByABlockThatMayBeReplaced() {
        // given
        var job = job(1, "CARRYING", EPOCH);
        chain(DIRECT_AT, CLOSES.plusSeconds(1));

        // when
        fallback.step();

        // then
        assertThat(state(job)).isEqualTo("CARRYING");
    }

    @Test
    void shouldGiveUpWhatTheContractTakesNoMore() {
        // given
        var job = job(1, "WAITING_DIRECT", EPOCH);
        chain(CLOSES.plusSeconds(1), CLOSES.plusSeconds(2));

        // when
        fallback.step();
        payouts.step();

        // then
        assertThat(state(job)).isEqualTo("SETTLED");
        assertThat(facts("JobSettled")).isEqualTo(1);
        assertThat(facts("CreditsReserved")).isZero();
    }

    @Test
    void shouldCollectWhatAnOwnerHasShownItself() {
        // given
        var job = job(1, "CARRYING", EPOCH);
        credited(1);
        chain(CLOSES.plusSeconds(1), CLOSES.plusSeconds(2));

        // when
        fallback.step();
        payouts.step();

        // then
        assertThat(state(job)).isEqualTo("MATURING");
        assertThat(facts("CreditsReserved")).isEqualTo(1);
        assertThat(facts("JobSettled")).isZero();
    }

    @Test
    void shouldCarryTheOthersWhenTheFileOfOneCannotBeRead() {
        // given
        var lost = settled(EPOCH);
        settled(EPOCH + 1);
        var first = job(1, "WAITING_DIRECT", EPOCH);
        var second = job(2, "WAITING_DIRECT", EPOCH + 1);
        database.transact(tx -> tx.execute(
                "DELETE FROM epoch_file WHERE file = $1",
                new EpochFile(lost.id(), lost.lines()).contentId().value()));
        chain(DIRECT_AT.plus(WINDOW), DIRECT_AT.plus(WINDOW));

        // when
        var fault = catchThrowable(fallback::step);
        var again = catchThrowable(fallback::step);

        // then
        assertThat(fault).hasMessageContaining("epoch " + EPOCH);
        assertThat(again).isNull();
        assertThat(carried(first)).isFalse();
        assertThat(carried(second)).isTrue();
    }

    private static EpochLedger ledger(int number) {
        var lines = new LineCollector();
        lines.add(BUILDER, Market.word("another order"), Market.word("assignment" + number), OWNER, Amount.of(10));
        return EpochLedger.of(new EpochId(HUB, TOKEN, number), lines.lines());
    }

    /** An epoch of ours that was settled without the jobs of these tests. */
    private EpochLedger settled(int number) {
        var ledger = ledger(number);
        var file = new EpochFile(ledger.id(), ledger.lines());
        var content = ledger.content();
        database.transact(tx -> {
            EpochBook.insert(
                    tx,
                    new Epoch(
                            ledger.id(),
                            content.root(),
                            content.count(),
                            Amount.of(10),
                            file.contentId(),
                            1,
                            EpochState.SETTLED,
                            0),
                    clock.instant());
            EpochBook.store(tx, file.contentId(), file);
            tx.execute(
                    "INSERT INTO book_epoch (hub, token, number, root, transaction, block, settled_transaction, amount)"
                            + " VALUES ($1, $2, $3, $4, $5, 40, $5, 10)",
                    HUB.value(),
                    TOKEN.value(),
                    number,
                    content.root().value(),
                    Market.word("post" + number).value());
        });
        return ledger;
    }

    private JobId job(int which, String state, int epoch) {
        var job = new JobId(new UUID(0x7000, 0x8000000000000000L + which));
        var order = new JobOrder(
                BUILDER,
                HUB,
                job,
                Digest.ZERO,
                TOKEN,
                Amount.of(10),
                8,
                2,
                false,
                DEADLINE.getEpochSecond() - 3_600,
                DEADLINE.getEpochSecond());
        database.transact(tx -> {
            Rows.reserved(tx, job, order, orderHash(which));
            Rows.owed(tx, job, orderHash(which), TOKEN, epoch, state, DIRECT_AT);
        });
        return job;
    }

    private static Digest orderHash(int which) {
        return Market.word("order" + which);
    }

    /** Somebody had the evidence paid: the confirmed books say so. */
    private void credited(int which) {
        database.transact(tx -> {
            tx.execute(
                    "INSERT INTO book_credit (assignment_hash, order_hash, owner, credited, collected, matures_at)"
                            + " VALUES ($1, $2, $3, 10, 0, $4)",
                    Market.word("assignment").value(),
                    orderHash(which).value(),
                    OWNER.value(),
                    CLOSES.plus(WINDOW));
            tx.execute(
                    "INSERT INTO chain_event (block, log_index, transaction, kind, order_hash, body)"
                            + " VALUES (45, 0, $1, 'Credited', $2, '{}')",
                    Market.word("shown").value(),
                    orderHash(which).value());
        });
    }

    private void chain(Instant confirmed, Instant head) {
        database.transact(tx -> {
            tx.execute("INSERT INTO chain_cursor (confirmed) VALUES (50)");
            Rows.block(tx, 50, confirmed);
            Rows.block(tx, 52, head);
        });
    }

    private String state(JobId job) {
        return database.inTransaction(tx -> Rows.stateOf(tx, job));
    }

    private boolean carried(JobId job) {
        return database.inTransaction(tx -> IntentBook.find(tx, Purpose.carry(job)))
                .isPresent();
    }

    private long facts(String type) {
        return database.inTransaction(tx -> said(tx, type));
    }

    private static long said(Tx tx, String type) {
        return tx.queryOne(
                        "SELECT count(*) AS n FROM outbox WHERE convert_from(payload, 'UTF8') LIKE '%' || $1 || '%'",
                        type)
                .orElseThrow()
                .number("n");
    }
}
