package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Migrations;
import io.perigee.eventlog.postgres.SqlRefused;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.postgres.PostgresServer;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionIT {
    private DatabaseSettings settings;
    private Database database;

    @BeforeEach
    void open() {
        var postgres = TestServers.postgres();
        settings = new DatabaseSettings(
                "127.0.0.1",
                postgres.port(),
                postgres.newDatabase(),
                "logtest",
                PostgresServer.USER,
                PostgresServer.PASSWORD,
                2,
                Duration.ofSeconds(2),
                Duration.ofSeconds(1));
        Migrations.run(settings, "classpath:db/migration/logtest");
        database = new Database(settings);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void shouldGiveBackWhatWasWritten() {
        // given
        database.transact(tx -> tx.execute(
                "CREATE TABLE kinds (a text, b bigint, c uuid, d timestamptz, e numeric(78), f bytea, g boolean, h jsonb,"
                        + " i text)"));
        var id = UUID.randomUUID();
        var at = Instant.parse("2026-06-01T12:00:00.123456Z");
        var large = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);

        // when
        database.transact(tx -> tx.execute(
                "INSERT INTO kinds VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9)",
                "text",
                7L,
                id,
                at,
                large,
                new byte[] {1, 2},
                true,
                "{\"k\":1}",
                null));

        // then
        var row = database.inTransaction(
                tx -> tx.queryOne("SELECT *, h::text AS json FROM kinds").orElseThrow());
        assertThat(row.string("a")).isEqualTo("text");
        assertThat(row.number("b")).isEqualTo(7);
        assertThat(row.uuid("c")).isEqualTo(id);
        assertThat(row.instant("d")).isEqualTo(at);
        assertThat(row.bigInteger("e")).isEqualTo(large);
        assertThat(row.bytes("f")).containsExactly(1, 2);
        assertThat(row.bool("g")).isTrue();
        assertThat(row.json("json")).isEqualTo("{\"k\": 1}");
        assertThat(row.optionalString("i")).isEmpty();
    }

    @Test
    void shouldNameTheConstraintThatRefused() {
        // given
        var id = UUID.randomUUID();
        database.transact(tx -> note(tx, id));

        // when
        var refusal = catchThrowable(() -> database.transact(tx -> note(tx, id)));

        // then
        assertThat(refusal).isInstanceOfSatisfying(SqlRefused.class, refused -> {
            assertThat(refused.uniqueViolation()).isTrue();
            assertThat(refused.constraint()).contains("inbox_pkey");
        });
    }

    /** Notes what it was given with one statement. */
    private static final class Gathered implements Tx.Gathering {
        private final List<UUID> ids = new ArrayList<>();
        private final List<String> said;

        Gathered(List<String> said) {
            this.said = said;
        }

        @Override
        public void write(Tx tx) {
            said.add("wrote " + ids.size());
            ids.forEach(id -> note(tx, id));
        }

        @Override
        public void committed() {
            said.add("committed");
        }
    }

    @Test
    void shouldWriteWhatIsGatheredOnceBeforeTheCommit() {
        // given
        var said = new ArrayList<String>();

        // when
        database.transact(tx -> {
            for (int i = 0; i < 3; i++) {
                tx.gathering(Gathered.class, () -> new Gathered(said)).ids.add(UUID.randomUUID());
            }
            said.add("ends");
        });

        // then
        assertThat(said).containsExactly("ends", "wrote 3", "committed");
        assertThat(noted()).isEqualTo(3);
    }

    @Test
    void shouldForgetWhatIsGatheredByATransactionThatFails() {
        // given
        var said = new ArrayList<String>();
        var id = UUID.randomUUID();
        database.transact(tx -> note(tx, id));

        // when
        var thrown = catchThrowable(() -> database.transact(tx -> {
            tx.gathering(Gathered.class, () -> new Gathered(said)).ids.add(UUID.randomUUID());
            throw new IllegalStateException("no");
        }));
        var refused = catchThrowable(() -> database.transact(
                tx -> tx.gathering(Gathered.class, () -> new Gathered(said)).ids.add(id)));

        // then
        assertThat(thrown).hasMessage("no");
        assertThat(refused).isInstanceOf(SqlRefused.class);
        assertThat(said).as("neither has committed").containsExactly("wrote 1");
        assertThat(noted()).isEqualTo(1);
    }

    private long noted() {
        return database.inTransaction(
                tx -> tx.query("SELECT count(*) AS n FROM inbox").getFirst().number("n"));
    }

    @Test
    void shouldNotCommitBehindASwallowedFailure() {
        // when
        var failure = catchThrowable(() -> database.transact(tx -> {
            note(tx, UUID.randomUUID());
            catchThrowable(() -> tx.query("SELECT nonsense"));
        }));

        // then
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessageContaining("had failed");
        assertThat(notes()).isZero();
    }

    @Test
    void shouldSendWhatNobodyWaitsForInOrderWithTheRest() {
        // given
        database.transact(tx -> tx.execute("CREATE TABLE steps (n integer)"));

        // when
        var seen = database.inTransaction(tx -> {
            for (int i = 0; i < 500; i++) {
                tx.later("INSERT INTO steps VALUES ($1)", i);
            }
            tx.later("UPDATE steps SET n = n + 1000");
            return tx.queryOne("SELECT count(*) AS n FROM steps WHERE n >= 1000")
                    .orElseThrow()
                    .number("n");
        });

        // then
        assertThat(seen).isEqualTo(500);
    }

    @Test
    void shouldNameWhatFailedOfWhatNobodyWaitedFor() {
        // given
        var id = UUID.randomUUID();
        database.transact(tx -> note(tx, id));

        // when
        var atTheEnd = catchThrowable(() -> database.transact(tx -> noteLater(tx, id)));
        var atTheNext = catchThrowable(() -> database.transact(tx -> {
            noteLater(tx, id);
            tx.query("SELECT 1");
        }));
        var swallowed = catchThrowable(() -> database.transact(tx -> {
            noteLater(tx, id);
            note(tx, UUID.randomUUID());
        }));

        // then
        assertThat(List.of(atTheEnd, atTheNext, swallowed)).allSatisfy(failure -> assertThat(failure)
                .isInstanceOfSatisfying(SqlRefused.class, refused -> assertThat(refused.uniqueViolation())
                        .isTrue()));
        assertThat(notes()).isOne();
        assertThat(database.reachable()).isTrue();
    }

    @Test
    void shouldTakeColumnsAsArrays() {
        // given
        var large = BigInteger.TWO.pow(256);
        var at = Instant.parse("2026-06-01T12:00:00.123456Z");

        // when
        var rows = database.inTransaction(tx -> tx.query(
                "SELECT n, t, b FROM unnest($1::numeric[], $2::timestamptz[], $3::bytea[]) WITH ORDINALITY"
                        + " AS each (n, t, b, place) ORDER BY place",
                new BigInteger[] {large, BigInteger.ONE},
                new Instant[] {at, at.plusSeconds(1)},
                new byte[][] {{1, 2}, {}}));

        // then
        assertThat(rows.getFirst().bigInteger("n")).isEqualTo(large);
        assertThat(rows.getLast().instant("t")).isEqualTo(at.plusSeconds(1));
        assertThat(rows.getFirst().bytes("b")).containsExactly(1, 2);
    }

    @Test
    void shouldEndAStatementThatTakesTooLong() {
        // when
        var failure = catchThrowable(() -> database.transact(tx -> tx.query("SELECT pg_sleep(30)")));

        // then
        assertThat(failure).isInstanceOf(TryLater.class).hasMessageContaining("57014");
        assertThat(database.reachable()).isTrue();
    }

    @Test
    void shouldOnlyReadWhereNothingIsToBeWritten() {
        // given
        database.transact(tx -> note(tx, UUID.randomUUID()));

        // when
        int rows = database.reading(tx -> tx.query("SELECT 1 FROM inbox").size());
        var failure = catchThrowable(() -> database.<Integer>reading(tx -> tx.execute("DELETE FROM inbox")));

        // then
        assertThat(rows).isEqualTo(1);
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessageContaining("Expected only to read");
        assertThat(notes()).isEqualTo(1);
    }

    @Test
    void shouldRefuseATransactionOutsideItsBlock() {
        // given
        var escaped = new AtomicReference<Tx>();
        database.transact(escaped::set);

        // when
        var failure = catchThrowable(() -> escaped.get().query("SELECT 1"));

        // then
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessageContaining("it has ended");
    }

    @Test
    void shouldMakeCallersWaitForAConnectionAndLeakNone() throws Exception {
        // given
        var threads = new ArrayList<Thread>();

        // when: far more callers than connections, every third fails
        for (int i = 0; i < 60; i++) {
            boolean fails = i % 3 == 0;
            threads.add(Thread.startVirtualThread(() -> catchThrowable(() -> database.transact(tx -> {
                note(tx, UUID.randomUUID());
                if (fails) {
                    throw new IllegalStateException("no");
                }
            }))));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        // then
        assertThat(notes()).isEqualTo(40);
        var open = database.inTransaction(tx -> tx.query(
                        "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = $1 AND state <> 'idle'",
                        settings.name())
                .getFirst()
                .number("n"));
        assertThat(open).isEqualTo(1);
    }

    private int notes() {
        return database.inTransaction(tx -> tx.query("SELECT 1 FROM inbox").size());
    }

    private static void noteLater(Tx tx, UUID id) {
        tx.later("INSERT INTO inbox (consumer, envelope_id) VALUES ('test', $1)", id);
    }

    private static void note(Tx tx, UUID id) {
        tx.execute("INSERT INTO inbox (consumer, envelope_id) VALUES ('test', $1)", id);
    }
}
