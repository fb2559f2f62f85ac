package io.perigee.settlement.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.JobOrder;
import io.perigee.settlement.ethereum.EpochCalls;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Tables;
import io.perigee.testkit.TestClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An epoch holds no more of a builder's money than there is. */
class EpochBuilderIT {
    private static final Address BUILDER = Market.key("builder").address();
    private static final Address HUB = Market.key("hub").address();
    private static final Address TOKEN = Market.key("token").address();
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int EPOCH = 1_000;
    private static final long ALLOTTED = 100;

    private final TestClock clock = TestClock.atNoon();
    // nothing is asked of it
    private final Rpc rpc = new Rpc(URI.create("http://127.0.0.1:9"), Duration.ofSeconds(1));
    private Database database;
    private EpochBuilder builder;
    private int jobs;

    @BeforeEach
    void start() {
        database = Tables.fresh();
        database.transact(tx -> {
            tx.execute("INSERT INTO chain_cursor (confirmed) VALUES (50)");
            Rows.block(tx, 50, Instant.ofEpochSecond((EPOCH + 1) * WINDOW.toSeconds() + 1));
            tx.execute(
                    "INSERT INTO book_allotment (builder, hub, token, allotted, recalled, block) VALUES ($1, $2, $3, $4::bigint, 0, 1)",
                    BUILDER.value(),
                    HUB.value(),
                    TOKEN.value(),
                    ALLOTTED);
        });
        builder = new EpochBuilder(new EpochTools(
                database,
                HUB,
                TOKEN,
                WINDOW,
                10,
                new EpochCalls(rpc, Market.key("epochs").address()),
                new FactLog(clock),
                clock,
                0));
    }

    @AfterEach
    void stop() {
        database.close();
        rpc.close();
    }

    @Test
    void shouldLeaveOutWhatTheBuildersEarlierEpochsDraw() {
        // given
        job(EPOCH - 1, "POSTED", 60);
        var fits = job(EPOCH, "WAITING_EPOCH", 40);
        var lacks = job(EPOCH, "WAITING_EPOCH", 1);

        // when
        builder.step();

        // then
        assertThat(state(fits)).isEqualTo("IN_EPOCH");
        assertThat(state(lacks)).isEqualTo("WAITING_DIRECT");
    }

    @Test
    void shouldCountNothingTwiceThatAnEpochHasPaid() {
        // given
        job(EPOCH - 1, "SETTLED", 60);
        var fits = job(EPOCH, "WAITING_EPOCH", 100);

        // when
        builder.step();

        // then
        assertThat(state(fits)).isEqualTo("IN_EPOCH");
    }

    @Test
    void shouldCountNothingTwiceThatTheContractHasChargedThoughItsJobsWereNotTold() {
        // given
        job(EPOCH - 1, "POSTED", 60);
        database.transact(tx -> tx.execute(
                "INSERT INTO book_epoch (hub, token, number, root, transaction, block, settled_transaction, amount)"
                        + " VALUES ($1, $2, $3, $4, $4, 40, $4, 60)",
                HUB.value(),
                TOKEN.value(),
                EPOCH - 1,
                Market.word("epoch").value()));
        var fits = job(EPOCH, "WAITING_EPOCH", 100);

        // when
        builder.step();

        // then
        assertThat(state(fits)).isEqualTo("IN_EPOCH");
    }

    private String state(JobId job) {
        return database.inTransaction(tx -> Rows.stateOf(tx, job));
    }

    /** Taken in the order in which they are made. */
    private JobId job(int epoch, String state, long amount) {
        var job = new JobId(new UUID(0x7000, 0x8000000000000000L + jobs++));
        long deadline = epoch * WINDOW.toSeconds() + 7;
        var order = new JobOrder(
                BUILDER, HUB, job, Digest.ZERO, TOKEN, Amount.of(amount), 8, 2, false, deadline - 3_600, deadline);
        var orderHash = Market.word("order of " + job);
        database.transact(tx -> {
            Rows.reserved(tx, job, order, orderHash);
            Rows.owed(tx, job, orderHash, TOKEN, epoch, state, clock.instant());
            Rows.line(tx, job, Market.word("assignment of " + job), amount);
        });
        return job;
    }
}
