package io.perigee.settlement.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.epoch.EpochFile;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.rest.EpochState;
import io.perigee.settlement.chain.ChainUnavailable;
import io.perigee.settlement.chain.EpochViews.Standing;
import io.perigee.settlement.ethereum.ContractViews;
import io.perigee.settlement.ethereum.EpochCalls;
import io.perigee.settlement.ethereum.EthereumNode;
import io.perigee.settlement.ethereum.Rpc;
import io.perigee.settlement.fact.FactLog;
import io.perigee.settlement.intent.IntentBook;
import io.perigee.settlement.intent.Purpose;
import io.perigee.settlement.reservation.OrderTerms;
import io.perigee.settlement.reservation.Reservations;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Tables;
import io.perigee.testkit.TestClock;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One epoch that cannot be followed keeps no other from going on. */
class EpochsApartIT {
    private static final Address HUB = Market.key("hub").address();
    private static final Address TOKEN = Market.key("token").address();
    private static final int FIRST = 7;
    private static final int SECOND = 8;

    private final TestClock clock = TestClock.atNoon();
    // nothing is asked of it
    private final Rpc rpc = new Rpc(URI.create("http://127.0.0.1:9"), Duration.ofSeconds(1));
    private Database database;
    private EpochTools tools;

    @BeforeEach
    void start() {
        database = Tables.fresh();
        database.transact(tx -> tx.execute("INSERT INTO chain_cursor (confirmed) VALUES (50)"));
        tools = new EpochTools(
                database,
                HUB,
                TOKEN,
                Duration.ofHours(1),
                10,
                new EpochCalls(rpc, Market.key("epochs").address()),
                new FactLog(clock),
                clock,
                0);
        posted(FIRST, ledger(FIRST));
        posted(SECOND, ledger(SECOND));
    }

    @AfterEach
    void stop() {
        database.close();
        rpc.close();
    }

    @Test
    void shouldFollowTheOthersWhenTheNodeHasNoAnswerForOne() {
        // given
        var course = new EpochCourse(
                tools,
                (epoch, block) -> {
                    if (epoch.number() == FIRST) {
                        throw new ChainUnavailable("no answer");
                    }
                    return Standing.PENDING;
                },
                new EthereumNode(rpc),
                new EpochLedgers(clock));

        // when
        var fault = catchThrowable(course::step);

        // then
        assertThat(fault).isInstanceOf(ChainUnavailable.class);
        assertThat(state(FIRST)).isEqualTo(EpochState.BUILDING);
        assertThat(state(SECOND)).isEqualTo(EpochState.POSTED);
    }

    @Test
    void shouldAnswerBeforeItIsKnownWhetherTheEpochStandsAndThoughAnotherCannotBeRead() {
        // given
        database.transact(tx -> tx.execute("DELETE FROM epoch_file WHERE file = $1", fileOf(ledger(FIRST))));
        demanded(FIRST, 41);
        demanded(SECOND, 42);
        var answers = new EpochAnswers(tools, new EpochLedgers(clock));

        // when
        var fault = catchThrowable(answers::step);

        // then
        assertThat(fault).isNotNull();
        assertThat(planned(FIRST, 41)).isFalse();
        assertThat(planned(SECOND, 42)).isTrue();
    }

    @Test
    void shouldSetAnEpochAsideWhoseFileCannotBeRead() {
        // given
        database.transact(tx -> tx.execute("DELETE FROM epoch_file WHERE file = $1", fileOf(ledger(FIRST))));
        demanded(FIRST, 41);
        var ledgers = new EpochLedgers(clock);
        var course = new EpochCourse(tools, (epoch, block) -> Standing.FINAL, new EthereumNode(rpc), ledgers);
        var answers = new EpochAnswers(tools, ledgers);

        // when
        var fault = catchThrowable(course::step);
        var again = catchThrowable(course::step);
        var answering = catchThrowable(answers::step);

        // then
        assertThat(fault)
                .hasMessageContaining("epoch " + FIRST)
                .hasMessageContaining(fileOf(ledger(FIRST)))
                .hasMessageContaining("set aside");
        assertThat(again).isNull();
        assertThat(answering).isNull();
        assertThat(settling(FIRST)).isFalse();
        assertThat(settling(SECOND)).isTrue();
    }

    @Test
    void shouldReadTheFileAgainAfterAWhile() {
        // given
        var file = new EpochFile(id(FIRST), ledger(FIRST).lines());
        database.transact(tx -> tx.execute("DELETE FROM epoch_file WHERE file = $1", fileOf(ledger(FIRST))));
        var course = new EpochCourse(
                tools, (epoch, block) -> Standing.FINAL, new EthereumNode(rpc), new EpochLedgers(clock));
        catchThrowable(course::step);

        // when
        database.transact(tx -> EpochBook.store(tx, file.contentId(), file));
        clock.advance(Duration.ofHours(1));
        database.transact(tx -> tx.execute("UPDATE chain_cursor SET confirmed = 51"));
        course.step();

        // then
        assertThat(settling(FIRST)).isTrue();
    }

    @Test
    void shouldAnswerTheOtherDemandsThoughManyCannotBeAnswered() {
        // given
        for (int block = 41; block < 41 + 70; block++) {
            demandedOfALine(FIRST, block);
        }
        demanded(FIRST, 200);

        // when
        var fault = catchThrowable(new EpochAnswers(tools, new EpochLedgers(clock))::step);

        // then
        assertThat(fault).hasMessageContaining(Market.word("order" + FIRST).value());
        assertThat(planned(FIRST, 200)).isTrue();
    }

    @Test
    void shouldKeepNoAnswerBackForThoseThatTheContractRefuses() {
        // given
        for (int block = 41; block < 41 + 8; block++) {
            demanded(FIRST, block);
        }
        var answers = new EpochAnswers(tools, new EpochLedgers(clock));
        answers.step();
        database.transact(tx -> tx.execute("UPDATE intent SET state = 'PARKED', reason_code = 'KeyRevoked'"));
        demanded(FIRST, 200);

        // when
        answers.step();

        // then
        assertThat(planned(FIRST, 200)).isTrue();
    }

    @Test
    void shouldTellTheJobsOfTheOthersThoughThoseOfOneCannotBeTold() {
        // given: nothing is booked of how the first was settled
        var untold = owedBy(FIRST);
        var told = owedBy(SECOND);
        ended(FIRST, EpochState.SETTLED);
        ended(SECOND, EpochState.VOID);
        var payments = new EpochPayments(tools, reservations());

        // when
        var fault = catchThrowable(payments::step);

        // then
        assertThat(fault).isNotNull();
        assertThat(stateOf(untold)).isEqualTo("POSTED");
        assertThat(stateOf(told)).isEqualTo("WAITING_DIRECT");
    }

    /** A job that was told that its epoch is posted. */
    private JobId owedBy(int number) {
        var job = new JobId(new UUID(0x7000, 0x8000000000000000L + number));
        database.transact(
                tx -> Rows.owed(tx, job, Market.word("order" + number), TOKEN, number, "POSTED", clock.instant()));
        return job;
    }

    private void ended(int number, EpochState state) {
        database.transact(tx -> EpochBook.moveTo(tx, id(number), state, 1, clock.instant()));
    }

    private String stateOf(JobId job) {
        return database.inTransaction(tx -> Rows.stateOf(tx, job));
    }

    private Reservations reservations() {
        var domain = new Domain(31337, Market.key("escrow").address());
        var node = new EthereumNode(rpc);
        return new Reservations(
                database,
                new OrderTerms(domain, HUB, TOKEN, Duration.ofHours(1), Duration.ofDays(1)),
                node,
                new ContractViews(
                        rpc, node, domain.escrow(), Market.key("registry").address()),
                tools.facts(),
                clock,
                Duration.ofMinutes(5),
                0);
    }

    @Test
    void shouldKeepNoAnswerBackForThoseThatAreMined() {
        // given
        for (int block = 41; block < 41 + 8; block++) {
            demanded(FIRST, block);
        }
        var answers = new EpochAnswers(tools, new EpochLedgers(clock));
        answers.step();
        database.transact(tx -> tx.execute("UPDATE intent SET state = 'MINED'"));
        demanded(FIRST, 200);

        // when
        answers.step();

        // then
        assertThat(planned(FIRST, 200)).isTrue();
    }

    @Test
    void shouldGiveUpNoEpochThatIsBookedAfterTheBlockItAsksOf() {
        // given: another watcher confirmed the post, at 40, after we read how far the chain is confirmed
        database.transact(tx -> tx.execute("UPDATE chain_cursor SET confirmed = 39"));
        var course = new EpochCourse(
                tools, (epoch, block) -> Standing.NOTHING, new EthereumNode(rpc), new EpochLedgers(clock));

        // when
        course.step();

        // then
        assertThat(state(FIRST)).isEqualTo(EpochState.BUILDING);
    }

    private static EpochLedger ledger(int number) {
        var lines = new LineCollector();
        lines.add(
                Market.key("builder").address(),
                Market.word("order" + number),
                Market.word("assignment" + number),
                Market.key("owner").address(),
                Amount.of(10));
        return EpochLedger.of(id(number), lines.lines());
    }

    private static String fileOf(EpochLedger ledger) {
        return new EpochFile(ledger.id(), ledger.lines()).contentId().value();
    }

    private static EpochId id(int number) {
        return new EpochId(HUB, TOKEN, number);
    }

    /** An epoch of ours that the confirmed books know as posted. */
    private void posted(int number, EpochLedger ledger) {
        var file = new EpochFile(ledger.id(), ledger.lines());
        var content = ledger.content();
        var epoch = new Epoch(
                ledger.id(),
                content.root(),
                content.count(),
                Amount.of(10),
                file.contentId(),
                1,
                EpochState.BUILDING,
                0);
        database.transact(tx -> {
            EpochBook.insert(tx, epoch, clock.instant());
            EpochBook.store(tx, epoch.file(), file);
            tx.execute(
                    "INSERT INTO book_epoch (hub, token, number, root, transaction, block) VALUES ($1, $2, $3, $4, $5, 40)",
                    HUB.value(),
                    TOKEN.value(),
                    number,
                    content.root().value(),
                    Market.word("post" + number).value());
        });
    }

    private void demanded(int number, long block) {
        database.transact(tx -> tx.execute(
                "INSERT INTO book_demand (block, log_index, hub, token, number, what, builder, order_hash)"
                        + " VALUES ($1, 0, $2, $3, $4, $5, $6, $7)",
                block,
                HUB.value(),
                TOKEN.value(),
                number,
                Market.word("what" + number).value(),
                Market.key("builder").address().value(),
                Market.word("no order of it").value()));
    }

    /** Nothing is known of the order that it pays. */
    private void demandedOfALine(int number, long block) {
        database.transact(tx -> tx.execute(
                "INSERT INTO book_demand (block, log_index, hub, token, number, what, line) VALUES ($1, 0, $2, $3, $4, $5, 0)",
                block,
                HUB.value(),
                TOKEN.value(),
                number,
                Market.word("line").value()));
    }

    private boolean settling(int number) {
        return database.inTransaction(tx -> IntentBook.find(tx, Purpose.settle(id(number))))
                .isPresent();
    }

    private boolean planned(int number, long block) {
        return database.inTransaction(tx -> IntentBook.find(tx, Purpose.answer(id(number), block + ".0")))
                .isPresent();
    }

    private EpochState state(int number) {
        return database.inTransaction(tx -> EpochBook.find(tx, id(number)))
                .orElseThrow()
                .state();
    }
}
