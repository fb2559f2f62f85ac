package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.Credit;
import io.perigee.protocol.epoch.Debit;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.result.KeptEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A watchdog among true epochs and every kind of false one, on a real chain with the real contracts. */
class WatchdogIT {
    @TempDir
    Path homes;

    private EpochScene scene;

    @BeforeEach
    void open() {
        scene = new EpochScene(homes);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void shouldDoNothingAboutATrueEpochAndLetAnybodySettleIt() {
        // given
        var ledger = scene.posted(scene.honest(scene.settler.nextWindow()));

        // when
        var events = scene.watch();

        // then
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.path("event").asText()).isEqualTo("good");
            assertThat(event.has("txHash")).isFalse();
        });
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE);
        assertThat(scene.settle(ledger.id()).err()).contains("to be final, but it is pending");
        scene.market.advanceTo(ledger.id().demandedUntil(DevMarket.WINDOW));
        assertThat(scene.watch().getFirst().path("why").asText()).contains("it is final");
        assertThat(scene.settle(ledger.id()).exit()).isZero();
        assertThat(scene.settler.state(ledger.id())).isEqualTo("settled");
        var owner = scene.market.owners.getFirst();
        var earned = ledger.accounts().creditOf(owner.address());
        assertThat(scene.market.ask(owner, "claim").path("claimed").asText()).isEqualTo(earned.toString());
    }

    @Test
    void shouldAccuseAFalseSum() {
        var id = scene.settler.nextWindow();
        var lines = Settler.raised(id, scene.lines(6), 5, 500);
        assertAccused(EpochLedger.posted(id, lines, EpochScene.withThief(Accounts.of(lines), 500)));
    }

    @Test
    void shouldAccuseALineThatIsThereTwice() {
        var id = scene.settler.nextWindow();
        var lines = Settler.doubled(id, scene.lines(5));
        assertAccused(EpochLedger.of(id, lines));
    }

    @Test
    void shouldAccuseADebitThatItsLinesDoNotComeTo() {
        var id = scene.settler.nextWindow();
        var honest = Accounts.of(scene.lines(6));
        var debit = honest.debits().getFirst();
        var more = new Debit(debit.builder(), debit.lines(), debit.amount().plus(Amount.of(300)));
        assertAccused(EpochLedger.posted(
                id, scene.lines(6), EpochScene.withThief(new Accounts(List.of(more), honest.credits()), 300)));
    }

    @Test
    void shouldAccuseACreditToSomebodyElse() {
        assertAccused(scene.robbed(scene.settler.nextWindow()));
    }

    @Test
    void shouldAccuseAnOwnersManyLinesInSeveralCalls() {
        // given: 150 lines of one owner, all of whose credit goes to a thief
        var id = scene.settler.nextWindow();
        var collector = new LineCollector();
        for (int i = 0; i < 150; i++) {
            collector.add(
                    scene.market.builder.address(),
                    DevMarket.word("order" + i),
                    DevMarket.word("assignment" + i),
                    scene.market.owners.getFirst().address(),
                    Amount.of(10));
        }
        var lines = collector.lines();
        var owed = new Credit(scene.market.owners.getFirst().address(), Amount.of(1_490));
        var accounts = EpochScene.withThief(new Accounts(Accounts.of(lines).debits(), List.of(owed)), 10);
        assertAccused(EpochLedger.posted(id, lines, accounts));
    }

    @Test
    void shouldDemandWhatIsWithheldAndVoidTheEpochThatStaysSilent() {
        // given
        var ledger = scene.posted(scene.honest(scene.settler.nextWindow()));
        var id = ledger.id();
        scene.settler.withhold();

        // when
        var patient = scene.watch();
        scene.market.advanceTo(id.demandedUntil(DevMarket.WINDOW) - DevMarket.WINDOW.toSeconds() / 2 + 5);
        var demanding = scene.watch();
        var purse = scene.market.free(scene.dog.address());
        var another = scene.watch();
        scene.market.advanceTo(id.answeredUntil(DevMarket.WINDOW) + 1);
        var ending = scene.watch();

        // then
        assertThat(patient).extracting(event -> event.path("event").asText()).containsExactly("waiting");
        assertThat(demanding).extracting(event -> event.path("event").asText()).containsExactly("demanded");
        assertThat(purse).isEqualTo(EpochScene.PURSE - Settler.DEMAND_BOND);
        assertThat(another).extracting(event -> event.path("event").asText()).containsExactly("demanded");
        assertThat(line(another)).isNotEqualTo(line(demanding));
        assertThat(ending).extracting(event -> event.path("event").asText()).containsExactly("bad", "lapsed", "lapsed");
        assertThat(scene.settler.state(id)).isEqualTo("nothing");
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE + Settler.BOND / 2);
    }

    @Test
    void shouldPayTheSettlerForAnAnswerAndLetTheEpochStand() {
        // given: an epoch of one real order, its evidence at hand
        long window = DevMarket.WINDOW.toSeconds();
        var sample = new SampleEvidence(scene.market, "a job", false, scene.market.time() + 600);
        var runs =
                SampleEvidence.two(scene.market).stream().map(sample::receipted).toList();
        scene.market.advanceTo((sample.order.deadline() / window + 1) * window + 60);
        var ledger = scene.posted(EpochLedger.of(scene.settler.due(), EpochScene.paying(runs)));

        // when
        var demanded = scene.watch("--sample", "1");
        int index = Integer.parseInt(demanded.getLast().path("why").asText().split("[ :]")[1]);
        scene.settler.answer(ledger, index, runs);
        scene.market.advanceTo(ledger.id().decidedAt(DevMarket.WINDOW));

        // then
        assertThat(demanded).extracting(event -> event.path("event").asText()).containsExactly("good", "demanded");
        assertThat(scene.settler.state(ledger.id())).isEqualTo("final");
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE - Settler.DEMAND_BOND);
        assertThat(scene.market.free(scene.market.hub.address())).isEqualTo(Settler.DEMAND_BOND);
        assertThat(scene.settle(ledger.id()).exit()).isZero();
        assertThat(scene.market.free(scene.market.owners.getFirst().address())).isEqualTo(SampleEvidence.PRICE);
    }

    @Test
    void shouldAskNoMoreWhenItStartsAgain() {
        // given
        scene.posted(scene.honest(scene.settler.nextWindow()));
        scene.watch("--sample", "2");
        var purse = scene.market.free(scene.dog.address());

        // when
        var again = scene.watch("--sample", "2");

        // then
        assertThat(again).extracting(event -> event.path("event").asText()).containsExactly("good");
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(purse);
    }

    @Test
    void shouldDemandEveryLineThatABuilderOfItsOwnPays() {
        // given
        scene.posted(scene.honest(scene.settler.nextWindow()));

        // when
        var events = scene.watch("--builder", scene.market.builder.address().value());
        var others = scene.watch("--builder", EpochScene.THIEF.value());

        // then
        assertThat(events)
                .filteredOn(event -> event.path("event").asText().equals("demanded"))
                .hasSize(6);
        assertThat(others).hasSize(1);
    }

    @Test
    void shouldDemandTheVeryLineThatIsKeptBack() {
        // given: 5 lines published, a sixth in the accounts, which takes what a thief gets; the root is that of the
        // five
        var id = scene.settler.nextWindow();
        var honest = EpochLedger.of(id, scene.lines(5));
        var debit = honest.accounts().debits().getFirst();
        var accounts = EpochScene.withThief(
                new Accounts(
                        List.of(new Debit(debit.builder(), 6, debit.amount().plus(Amount.of(1_000_000)))),
                        honest.accounts().credits()),
                1_000_000);
        scene.settler.post(EpochLedger.posted(id, scene.lines(5), accounts));
        scene.settler.publish(honest);
        scene.market.advanceTo(id.demandedUntil(DevMarket.WINDOW) - 60);

        // when
        var events = scene.watch();
        scene.market.advanceTo(id.answeredUntil(DevMarket.WINDOW) + 1);
        scene.watch();

        // then
        assertThat(events).singleElement().satisfies(event -> assertThat(
                        event.path("why").asText())
                .startsWith("line 5: Expected the file to hold the 6 lines"));
        assertThat(scene.settler.state(id)).isEqualTo("nothing");
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE + Settler.BOND / 2);
    }

    @Test
    void shouldMakeEverybodyWholeAfterAnEpochOfWithheldLeaves() throws IOException {
        // given: a hub that posts an epoch which pays a thief for two owners' work, publishes nothing, and is gone
        long window = DevMarket.WINDOW.toSeconds();
        var sample = new SampleEvidence(scene.market, "a job", false, scene.market.time() + 600);
        var workers = SampleEvidence.two(scene.market);
        var runs = workers.stream().map(sample::receipted).toList();
        scene.market.advanceTo((sample.order.deadline() / window + 1) * window + 60);
        var stolen = new LineCollector();
        stolen.add(
                scene.market.builder.address(),
                sample.orderHash(),
                DevMarket.word("nobody's work"),
                EpochScene.THIEF,
                sample.order.maxPayment());
        var ledger = EpochLedger.of(scene.settler.due(), stolen.lines());
        scene.settler.post(ledger);

        // when
        scene.market.advanceTo(ledger.id().demandedUntil(DevMarket.WINDOW) - 60);
        var demanded = scene.watch();
        var early = settleDirect(0, runs);
        scene.market.advanceTo(ledger.id().answeredUntil(DevMarket.WINDOW) + 1);
        var ended = scene.watch();
        scene.market.advanceTo(sample.order.deadline() + 4 * window);
        var first = settleDirect(0, runs);
        var second = settleDirect(1, runs);
        scene.market.advanceTo(scene.market.time() + 2 * window);

        // then
        assertThat(demanded).extracting(event -> event.path("event").asText()).containsExactly("demanded");
        assertThat(early.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(ended).extracting(event -> event.path("event").asText()).containsExactly("bad", "lapsed");
        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(second.exit()).as(second.err()).isZero();
        for (var owner : workers) {
            assertThat(scene.market.ask(owner, "claim").path("claimed").asText())
                    .isEqualTo(Long.toString(SampleEvidence.PRICE));
        }
        assertThat(scene.market.free(EpochScene.THIEF)).isZero();
        assertThat(scene.market
                        .ask("builder", scene.market.builder, "balance")
                        .path("allotted")
                        .asText())
                .isEqualTo(Long.toString(50_000_000 - 2 * SampleEvidence.PRICE));
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE + Settler.BOND / 2);
    }

    private CliRun settleDirect(int who, List<KeptEvidence> runs) throws IOException {
        var owner = scene.market.owners.get(who);
        var file = Files.write(homes.resolve(owner.name() + ".json"), Json.bytes(runs.get(who)));
        return scene.market.perigee(owner, "settle-direct", "--evidence", file.toString(), "--yes");
    }

    @Test
    void shouldPutNoMoreAtStakeThanItWasTold() {
        // given
        scene.posted(scene.honest(scene.settler.nextWindow()));

        // when
        var events = scene.watch("--sample", "6", "--max-bond", "0.002");

        // then
        assertThat(events)
                .extracting(event -> event.path("event").asText())
                .containsExactly("good", "demanded", "demanded", "bad");
        assertThat(events.getLast().path("why").asText()).contains("raise --max-bond");
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE - 2 * Settler.DEMAND_BOND);
    }

    @Test
    void shouldDemandAPostOfMoreLinesThanAnybodyCouldHold() {
        // given: one debit of 2^32 - 1 lines, and a root of nothing
        var id = scene.settler.nextWindow();
        DevMarket.sent(() -> scene.settler
                .epochs()
                .post(
                        scene.market.deployment.token(),
                        java.math.BigInteger.valueOf(id.number()),
                        DevMarket.word("nothing").bytes(),
                        List.of(new io.perigee.contracts.Epochs.Debit(
                                scene.market.builder.address().value(),
                                java.math.BigInteger.valueOf((1L << 32) - 1),
                                java.math.BigInteger.TEN)),
                        List.of(new io.perigee.contracts.Epochs.Credit(
                                EpochScene.THIEF.value(), java.math.BigInteger.TEN)))
                .send());
        scene.market.advanceTo(id.demandedUntil(DevMarket.WINDOW) - 60);

        // when
        var events = scene.watch();

        // then
        assertThat(events).extracting(event -> event.path("event").asText()).containsExactly("demanded");
        scene.market.advanceTo(id.answeredUntil(DevMarket.WINDOW) + 1);
        scene.watch();
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE + Settler.BOND / 2);
    }

    @Test
    void shouldNotTakeAnEpochForWithheldWhenNobodySaidWhereItsFileIs() {
        var run = CliRun.of(
                scene.market.home("dog", scene.dog),
                "settlement",
                "watch",
                "--once",
                "--yes",
                "--rpc",
                scene.market.anvil.url(),
                "--escrow",
                scene.market.deployment.escrow(),
                "--hub-address",
                scene.market.hub.address().value());
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("Add --hub URL");
    }

    @Test
    void shouldShowWhatIsAtStakeAndChallengeNothingWithoutAYes() {
        // given
        scene.posted(scene.robbed(scene.settler.nextWindow()));

        // when
        var run = scene.market.perigee("dog", scene.dog, "settlement", "watch", "--once", "--hub", scene.settler.url());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("a demand costs a bond of 0.001 ptUSD", "its settler's bond 10 ptUSD");
        assertThat(scene.settler.state(scene.settler.due())).isEqualTo("pending");
    }

    private static String line(List<JsonNode> events) {
        return events.getFirst().path("why").asText().split(":")[0];
    }

    private void assertAccused(EpochLedger ledger) {
        // given
        scene.posted(ledger);

        // when
        var events = scene.watch();

        // then
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.path("event").asText()).isEqualTo("accused");
            assertThat(event.path("txHash").asText()).startsWith("0x");
        });
        assertThat(scene.settler.state(ledger.id())).isEqualTo("nothing");
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE + Settler.BOND / 2);
        assertThat(scene.watch())
                .extracting(event -> event.path("why").asText())
                .containsExactly("it is void");
    }
}
