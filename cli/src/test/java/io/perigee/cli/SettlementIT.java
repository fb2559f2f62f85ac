package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.Credit;
import io.perigee.protocol.epoch.Debit;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.epoch.Lines;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.result.KeptEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people can say about a hub's epochs: true ones and every kind of false one, on a real chain with the real contracts. */
class SettlementIT {
    private static final Address THIEF = Address.parse("0x" + "ff".repeat(20));
    private static final long PURSE = 1_000_000;

    @TempDir
    Path homes;

    private final KeyPair dog = DevMarket.key("dog");
    private DevMarket market;
    private Settler settler;

    @BeforeEach
    void open() {
        market = new DevMarket(homes);
        market.open(50_000_000);
        settler = new Settler(market);
        market.fund(dog);
        market.deposit(dog, PURSE);
    }

    @AfterEach
    void close() {
        settler.close();
        market.close();
    }

    // ---- verify

    @Test
    void shouldFindATrueEpochTrueByTheHubsFile() {
        // given
        var ledger = posted(honest(settler.nextWindow()));

        // when
        var run = verify(ledger.id());

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("epoch " + ledger.id().number(), "pending", "may be demanded until")
                .contains("6 lines, 1 builders, 3 owners")
                .contains("its lines come to what was posted");
    }

    @Test
    void shouldFindATrueEpochTrueByAFileOfOnesOwnWithTheHubGone() throws IOException {
        // given
        var ledger = posted(honest(settler.nextWindow()));
        var file = Files.write(homes.resolve("epoch.bin"), settler.file());
        settler.close();

        // when
        var run = market.perigee(
                "dog", dog, "settlement", "verify", number(ledger.id()), "--file", file.toString(), "--json");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        var document = Json.read(run.out(), JsonNode.class);
        assertThat(document.path("verdict").asText()).isEqualTo("true");
        assertThat(document.path("root").asText())
                .isEqualTo(ledger.content().root().value());
    }

    @Test
    void shouldNameWhatProvesAnEpochFalse() {
        // given
        var ledger = posted(robbed(settler.nextWindow()));

        // when
        var run = verify(ledger.id());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.PROOF_WRONG);
        assertThat(run.out()).contains("it is not true", "to be credited what its lines come to");
    }

    @Test
    void shouldSayThatTheFileIsWithheld() {
        // given
        var ledger = posted(honest(settler.nextWindow()));
        settler.withhold();

        // when
        var run = verify(ledger.id());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.DATA_MISSING);
        assertThat(run.out()).contains("not computed", "can be demanded");
    }

    @Test
    void shouldTakeAFileOfOtherLinesForNone() {
        // given
        var ledger = posted(honest(settler.nextWindow()));
        settler.publish(EpochLedger.of(ledger.id(), lines(5)));

        // when
        var run = verify(ledger.id());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.DATA_MISSING);
        assertThat(run.out()).contains("to have the root");
    }

    @Test
    void shouldSayThatNothingWasPosted() {
        var run = verify(settler.nextWindow());
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("to be posted, but no post was found");
    }

    // ---- watch

    @Test
    void shouldDoNothingAboutATrueEpochAndLetAnybodySettleIt() {
        // given
        var ledger = posted(honest(settler.nextWindow()));

        // when
        var events = watch();

        // then
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.path("event").asText()).isEqualTo("good");
            assertThat(event.has("txHash")).isFalse();
        });
        assertThat(market.free(dog.address())).isEqualTo(PURSE);
        assertThat(settle(ledger.id()).err()).contains("to be final, but it is pending");
        market.advanceTo(ledger.id().demandedUntil(DevMarket.WINDOW));
        assertThat(watch().getFirst().path("why").asText()).contains("it is final");
        assertThat(settle(ledger.id()).exit()).isZero();
        assertThat(settler.state(ledger.id())).isEqualTo("settled");
        var owner = market.owners.getFirst();
        var earned = ledger.accounts().creditOf(owner.address());
        assertThat(market.ask(owner, "claim").path("claimed").asText()).isEqualTo(earned.toString());
    }

    @Test
    void shouldAccuseAFalseSum() {
        var id = settler.nextWindow();
        var lines = Settler.raised(id, lines(6), 5, 500);
        assertAccused(EpochLedger.posted(id, lines, withThief(Accounts.of(lines), 500)));
    }

    @Test
    void shouldAccuseALineThatIsThereTwice() {
        var id = settler.nextWindow();
        var lines = Settler.doubled(id, lines(5));
        assertAccused(EpochLedger.of(id, lines));
    }

    @Test
    void shouldAccuseADebitThatItsLinesDoNotComeTo() {
        var id = settler.nextWindow();
        var honest = Accounts.of(lines(6));
        var debit = honest.debits().getFirst();
        var more = new Debit(debit.builder(), debit.lines(), debit.amount().plus(Amount.of(300)));
        assertAccused(EpochLedger.posted(id, lines(6), withThief(new Accounts(List.of(more), honest.credits()), 300)));
    }

    @Test
    void shouldAccuseACreditToSomebodyElse() {
        assertAccused(robbed(settler.nextWindow()));
    }

    @Test
    void shouldAccuseAnOwnersManyLinesInSeveralCalls() {
        // given: 150 lines of one owner, all of whose credit goes to a thief
        var id = settler.nextWindow();
        var collector = new LineCollector();
        for (int i = 0; i < 150; i++) {
            collector.add(
                    market.builder.address(),
                    DevMarket.word("order" + i),
                    DevMarket.word("assignment" + i),
                    market.owners.getFirst().address(),
                    Amount.of(10));
        }
        var lines = collector.lines();
        var owed = new Credit(market.owners.getFirst().address(), Amount.of(1_490));
        var accounts = withThief(new Accounts(Accounts.of(lines).debits(), List.of(owed)), 10);
        assertAccused(EpochLedger.posted(id, lines, accounts));
    }

    @Test
    void shouldDemandWhatIsWithheldAndVoidTheEpochThatStaysSilent() {
        // given
        var ledger = posted(honest(settler.nextWindow()));
        var id = ledger.id();
        settler.withhold();

        // when
        var patient = watch();
        market.advanceTo(id.demandedUntil(DevMarket.WINDOW) - DevMarket.WINDOW.toSeconds() / 2 + 5);
        var demanding = watch();
        var purse = market.free(dog.address());
        var waiting = watch();
        market.advanceTo(id.answeredUntil(DevMarket.WINDOW) + 1);
        var ending = watch();

        // then
        assertThat(patient).extracting(event -> event.path("event").asText()).containsExactly("waiting");
        assertThat(demanding).extracting(event -> event.path("event").asText()).containsExactly("demanded");
        assertThat(purse).isEqualTo(PURSE - Settler.DEMAND_BOND);
        assertThat(waiting)
                .singleElement()
                .satisfies(event -> assertThat(event.path("why").asText()).contains("waits for its answer"));
        assertThat(ending).extracting(event -> event.path("event").asText()).containsExactly("bad", "lapsed");
        assertThat(settler.state(id)).isEqualTo("nothing");
        assertThat(market.free(dog.address())).isEqualTo(PURSE + Settler.BOND / 2);
    }

    @Test
    void shouldPayTheSettlerForAnAnswerAndLetTheEpochStand() {
        // given: an epoch of one real order, its evidence at hand
        long window = DevMarket.WINDOW.toSeconds();
        var sample = new SampleEvidence(market, "a job", false, market.time() + 600);
        var runs = SampleEvidence.two(market).stream().map(sample::receipted).toList();
        market.advanceTo((sample.order.deadline() / window + 1) * window + 60);
        var ledger = posted(EpochLedger.of(settler.due(), paying(runs)));

        // when
        var demanded = watch("--sample", "1");
        int index = Integer.parseInt(demanded.getLast().path("why").asText().split("[ :]")[1]);
        settler.answer(ledger, index, runs);
        market.advanceTo(ledger.id().decidedAt(DevMarket.WINDOW));

        // then
        assertThat(demanded).extracting(event -> event.path("event").asText()).containsExactly("good", "demanded");
        assertThat(settler.state(ledger.id())).isEqualTo("final");
        assertThat(market.free(dog.address())).isEqualTo(PURSE - Settler.DEMAND_BOND);
        assertThat(market.free(market.hub.address())).isEqualTo(Settler.DEMAND_BOND);
        assertThat(settle(ledger.id()).exit()).isZero();
        assertThat(market.free(market.owners.getFirst().address())).isEqualTo(SampleEvidence.PRICE);
    }

    @Test
    void shouldMakeEverybodyWholeAfterAnEpochOfWithheldLeaves() throws IOException {
        // given: a hub that posts an epoch which pays a thief for two owners' work, publishes nothing, and is gone
        long window = DevMarket.WINDOW.toSeconds();
        var sample = new SampleEvidence(market, "a job", false, market.time() + 600);
        var workers = SampleEvidence.two(market);
        var runs = workers.stream().map(sample::receipted).toList();
        market.advanceTo((sample.order.deadline() / window + 1) * window + 60);
        var stolen = new LineCollector();
        stolen.add(
                market.builder.address(),
                sample.orderHash(),
                DevMarket.word("nobody's work"),
                THIEF,
                sample.order.maxPayment());
        var ledger = EpochLedger.of(settler.due(), stolen.lines());
        settler.post(ledger);

        // when
        market.advanceTo(ledger.id().demandedUntil(DevMarket.WINDOW) - 60);
        var demanded = watch();
        var early = settleDirect(0, runs);
        market.advanceTo(ledger.id().answeredUntil(DevMarket.WINDOW) + 1);
        var ended = watch();
        market.advanceTo(sample.order.deadline() + 4 * window);
        var first = settleDirect(0, runs);
        var second = settleDirect(1, runs);
        market.advanceTo(market.time() + 2 * window);

        // then
        assertThat(demanded).extracting(event -> event.path("event").asText()).containsExactly("demanded");
        assertThat(early.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(ended).extracting(event -> event.path("event").asText()).containsExactly("bad", "lapsed");
        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(second.exit()).as(second.err()).isZero();
        for (var owner : workers) {
            assertThat(market.ask(owner, "claim").path("claimed").asText())
                    .isEqualTo(Long.toString(SampleEvidence.PRICE));
        }
        assertThat(market.free(THIEF)).isZero();
        assertThat(market.ask("builder", market.builder, "balance")
                        .path("allotted")
                        .asText())
                .isEqualTo(Long.toString(50_000_000 - 2 * SampleEvidence.PRICE));
        assertThat(market.free(dog.address())).isEqualTo(PURSE + Settler.BOND / 2);
    }

    private CliRun settleDirect(int who, List<KeptEvidence> runs) throws IOException {
        var owner = market.owners.get(who);
        var file = Files.write(homes.resolve(owner.name() + ".json"), Json.bytes(runs.get(who)));
        return market.perigee(owner, "settle-direct", "--evidence", file.toString(), "--yes");
    }

    @Test
    void shouldPutNoMoreAtStakeThanItWasTold() {
        // given
        posted(honest(settler.nextWindow()));

        // when
        var events = watch("--sample", "6", "--max-bond", "0.2");

        // then
        assertThat(events)
                .extracting(event -> event.path("event").asText())
                .containsExactly("good", "demanded", "demanded", "bad");
        assertThat(events.getLast().path("why").asText()).contains("raise --max-bond");
        assertThat(market.free(dog.address())).isEqualTo(PURSE - 2 * Settler.DEMAND_BOND);
    }

    @Test
    void shouldDemandAPostOfMoreLinesThanAnybodyCouldHold() {
        // given: one debit of 2^32 - 1 lines, and a root of nothing
        var id = settler.nextWindow();
        DevMarket.sent(() -> settler.epochs()
                .post(
                        market.deployment.token(),
                        DevMarket.word("nothing").bytes(),
                        List.of(new io.perigee.contracts.Epochs.Debit(
                                market.builder.address().value(),
                                java.math.BigInteger.valueOf((1L << 32) - 1),
                                java.math.BigInteger.TEN)),
                        List.of(new io.perigee.contracts.Epochs.Credit(THIEF.value(), java.math.BigInteger.TEN)))
                .send());
        market.advanceTo(id.demandedUntil(DevMarket.WINDOW) - 60);

        // when
        var events = watch();

        // then
        assertThat(events).extracting(event -> event.path("event").asText()).containsExactly("demanded");
        market.advanceTo(id.answeredUntil(DevMarket.WINDOW) + 1);
        watch();
        assertThat(market.free(dog.address())).isEqualTo(PURSE + Settler.BOND / 2);
    }

    @Test
    void shouldShowWhatIsAtStakeAndChallengeNothingWithoutAYes() {
        // given
        posted(robbed(settler.nextWindow()));

        // when
        var run = market.perigee("dog", dog, "settlement", "watch", "--once", "--hub", settler.url());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("a demand costs a bond of 0.1 ptUSD", "its settler's bond 10 ptUSD");
        assertThat(settler.state(settler.due())).isEqualTo("pending");
    }

    // ---- scenes

    private void assertAccused(EpochLedger ledger) {
        // given
        posted(ledger);

        // when
        var events = watch();

        // then
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.path("event").asText()).isEqualTo("accused");
            assertThat(event.path("txHash").asText()).startsWith("0x");
        });
        assertThat(settler.state(ledger.id())).isEqualTo("nothing");
        assertThat(market.free(dog.address())).isEqualTo(PURSE + Settler.BOND / 2);
        assertThat(watch()).extracting(event -> event.path("why").asText()).containsExactly("it is void");
    }

    private EpochLedger posted(EpochLedger ledger) {
        settler.post(ledger);
        settler.publish(ledger);
        return ledger;
    }

    private EpochLedger honest(EpochId id) {
        return EpochLedger.of(id, lines(6));
    }

    /** The first owner's credit is somebody else's. */
    private EpochLedger robbed(EpochId id) {
        var honest = Accounts.of(lines(6));
        var credits = new ArrayList<>(honest.credits());
        var victim = credits.removeFirst();
        credits.add(new Credit(THIEF, victim.amount()));
        return EpochLedger.posted(id, lines(6), new Accounts(honest.debits(), credits));
    }

    private static Accounts withThief(Accounts accounts, long amount) {
        var credits = new ArrayList<>(accounts.credits());
        credits.add(new Credit(THIEF, Amount.of(amount)));
        credits.sort(Comparator.comparing(credit -> credit.owner().value()));
        return new Accounts(accounts.debits(), credits);
    }

    private Lines lines(int count) {
        var collector = new LineCollector();
        for (int i = 0; i < count; i++) {
            collector.add(
                    market.builder.address(),
                    DevMarket.word("order" + i / 2),
                    DevMarket.word("assignment" + i),
                    market.owners.get(i % 3).address(),
                    Amount.of(1_000 + i));
        }
        return collector.lines();
    }

    private static Lines paying(List<KeptEvidence> runs) {
        var collector = new LineCollector();
        runs.forEach(run -> collector.add(
                run.order().builder(),
                run.orderHash(),
                run.assignmentHash(),
                run.assignment().owner(),
                run.assignment().price()));
        return collector.lines();
    }

    private CliRun verify(EpochId id) {
        return market.perigee("dog", dog, "settlement", "verify", number(id), "--hub", settler.url());
    }

    private CliRun settle(EpochId id) {
        return market.perigee("dog", dog, "settlement", "settle", number(id), "--yes");
    }

    private List<JsonNode> watch(String... more) {
        var words = new ArrayList<>(List.of("settlement", "watch", "--once", "--hub", settler.url(), "--json"));
        words.addAll(List.of(more));
        var run = market.perigee("dog", dog, words.toArray(String[]::new));
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().lines().map(line -> Json.read(line, JsonNode.class)).toList();
    }

    private static String number(EpochId id) {
        return Integer.toString(id.number());
    }
}
