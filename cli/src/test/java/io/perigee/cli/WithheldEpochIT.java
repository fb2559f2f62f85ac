package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.contracts.shape.EpochShapes;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.Accounts;
import io.perigee.protocol.epoch.Credit;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a settler and its friends do against a watchdog, and what the watchdog does all the same. */
class WithheldEpochIT {
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
    void shouldDemandThoughAStrangersDemandStandsOpen() {
        // given: invented lines that nobody sees, and an order that a friend demands and the settler can answer
        var ledger = scene.honest(scene.settler.nextWindow());
        scene.settler.post(ledger);
        var friend = DevMarket.key("a friend of the settler");
        var order = DevMarket.word("no such order");
        demandOrder(friend, ledger.id(), order);
        scene.market.advanceTo(ledger.id().demandedUntil(DevMarket.WINDOW) - 60);

        // when: the friend is answered when nobody can demand any more
        var demanding = scene.watch();
        scene.market.advanceTo(ledger.id().demandedUntil(DevMarket.WINDOW) + 1);
        answerNone(ledger, order);
        scene.market.advanceTo(ledger.id().answeredUntil(DevMarket.WINDOW) + 1);
        var ending = scene.watch();

        // then
        assertThat(events(demanding)).containsExactly("demanded");
        assertThat(events(ending)).containsExactly("bad", "lapsed");
        assertThat(scene.settler.state(ledger.id())).isEqualTo("nothing");
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE + Settler.BOND / 2);
    }

    @Test
    void shouldDemandEveryLineOnceWhileItsOwnDemandsStandOpen() {
        // given
        var ledger = scene.honest(scene.settler.nextWindow());
        scene.settler.post(ledger);
        scene.market.advanceTo(ledger.id().demandedUntil(DevMarket.WINDOW) - 600);

        // when
        var looks = IntStream.range(0, 7).mapToObj(_ -> scene.watch()).toList();

        // then: its six lines, in any order
        assertThat(looks.subList(0, 6))
                .allSatisfy(look -> assertThat(events(look)).containsExactly("demanded"));
        assertThat(looks.subList(0, 6).stream()
                        .map(look -> look.getFirst().path("why").asText().split(":")[0]))
                .doesNotHaveDuplicates();
        assertThat(looks.getLast().getFirst().path("why").asText()).contains("waits for its answer");
    }

    @Test
    void shouldEndAnAccusationThatWasCutOffAfterItsFirstCall() {
        // given: 150 lines of one owner, credited ten too little, and a watchdog that ended after showing a hundred
        var id = scene.settler.nextWindow();
        var owner = scene.market.owners.getFirst().address();
        var collector = new LineCollector();
        for (int i = 0; i < 150; i++) {
            collector.add(
                    scene.market.builder.address(),
                    DevMarket.word("order" + i),
                    DevMarket.word("assignment" + i),
                    owner,
                    Amount.of(10));
        }
        var lines = collector.lines();
        var owed = new Accounts(Accounts.of(lines).debits(), List.of(new Credit(owner, Amount.of(1_490))));
        var ledger = scene.posted(EpochLedger.posted(id, lines, EpochScene.withThief(owed, 10)));
        DevMarket.sent(() -> scene.market
                .epochs(scene.dog)
                .accuseCredit(
                        EpochShapes.epoch(id),
                        EpochShapes.content(ledger.content()),
                        EpochShapes.accounts(ledger.accounts()),
                        owner.value(),
                        EpochShapes.scattered(
                                ledger.scattered(IntStream.range(0, 100).boxed().toList())))
                .send());

        // when
        var accused = scene.watch();

        // then
        assertThat(events(accused)).containsExactly("accused");
        assertThat(scene.settler.state(id)).isEqualTo("nothing");
        assertThat(scene.market.free(scene.dog.address())).isEqualTo(EpochScene.PURSE + Settler.BOND / 2);
    }

    @Test
    void shouldDemandOfOneEpochThoughAnothersDemandIsNotTaken() {
        // given: one whose file is another's, and so withheld, then one that is published; the first call is lost
        var withheld = scene.honest(scene.settler.nextWindow());
        scene.settler.post(withheld);
        var published = scene.posted(scene.honest(scene.settler.nextWindow()));
        scene.market.advanceTo(withheld.id().demandedUntil(DevMarket.WINDOW) - 60);
        var lost = new AtomicInteger(1);
        CliRun run;

        // when
        try (var node = new FlakyNode(
                scene.market.anvil.url(),
                method -> method.equals("eth_sendRawTransaction") && lost.getAndDecrement() > 0
                        ? Optional.of(FlakyNode.AWAY)
                        : Optional.empty())) {
            run = CliRun.of(
                    scene.market.home("dog", scene.dog),
                    "settlement",
                    "watch",
                    "--once",
                    "--json",
                    "--sample",
                    "1",
                    "--hub",
                    scene.settler.url(),
                    "--rpc",
                    node.url(),
                    "--escrow",
                    scene.market.deployment.escrow(),
                    "--hub-address",
                    scene.market.hub.address().value());
        }

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.out().lines().map(line -> Json.read(line, JsonNode.class)))
                .filteredOn(event -> event.path("event").asText().equals("demanded"))
                .singleElement()
                .satisfies(event -> assertThat(event.path("epoch").asInt())
                        .isEqualTo(published.id().number()));
    }

    @Test
    void shouldTakeNoMoreLinesThanWerePosted() {
        // given
        var ledger = scene.honest(scene.settler.nextWindow());
        scene.settler.post(ledger);
        scene.settler.publish(EpochLedger.of(ledger.id(), scene.lines(7)));

        // when
        var looked = scene.watch();

        // then
        assertThat(looked.getFirst().path("why").asText()).contains("it has 7 lines, and 6 are taken");
    }

    private void demandOrder(KeyPair who, EpochId id, Digest order) {
        scene.market.fund(who);
        scene.market.deposit(who, Settler.DEMAND_BOND);
        DevMarket.sent(() -> scene.market
                .epochs(who)
                .demandOrder(
                        EpochShapes.epoch(id), scene.market.builder.address().value(), order.bytes())
                .send());
    }

    private void answerNone(EpochLedger ledger, Digest order) {
        var builder = scene.market.builder.address();
        DevMarket.sent(() -> scene.settler
                .epochs()
                .answerNone(
                        EpochShapes.epoch(ledger.id()),
                        EpochShapes.content(ledger.content()),
                        EpochShapes.stretch(ledger.stretchOf(builder, order)),
                        builder.value(),
                        order.bytes())
                .send());
    }

    private static List<String> events(List<JsonNode> look) {
        return look.stream().map(event -> event.path("event").asText()).toList();
    }
}
