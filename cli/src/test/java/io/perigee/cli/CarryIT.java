package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.DevMarket.Owner;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.epoch.EpochLedger;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.result.KeptEvidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An epoch was settled and paid somebody nothing, or too little: carried, the order's evidence pays the rest. */
class CarryIT {
    private static final long W = DevMarket.WINDOW.toSeconds();

    @TempDir
    Path homes;

    private EpochScene scene;
    private DevMarket market;
    private Owner one;
    private Owner two;
    private SampleEvidence sample;

    @BeforeEach
    void open() {
        scene = new EpochScene(homes);
        market = scene.market;
        one = market.owners.get(0);
        two = market.owners.get(1);
        scene.settler.nextWindow();
        sample = new SampleEvidence(market, "a job", false, market.time() + 600);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void shouldPayByEvidenceWhatASettledEpochLeftOut() {
        // given
        var posted = scene.posted(scene.honest(scene.settler.nextWindow()));
        var early = carry(one, "--yes");
        market.advanceTo(posted.id().demandedUntil(DevMarket.WINDOW));
        var unsettled = carry(one, "--yes");
        assertThat(scene.settle(posted.id()).exit()).isZero();
        market.advanceTo(sample.order.deadline() + 4 * W);
        var before = settleDirect();

        // when
        var carried = carry(one, "--yes");
        var again = carry(two, "--yes");
        var paid = settleDirect();

        // then
        assertThat(early.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(early.out()).contains("its epoch is not final yet");
        assertThat(unsettled.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(unsettled.out())
                .contains("first: perigee settlement settle " + posted.id().number());
        assertThat(before.out()).contains("if it left this out: perigee settlement carry");
        assertThat(carried.exit()).as(carried.err()).isZero();
        assertThat(carried.out())
                .contains("the epoch left it out", "0 ptUSD", "gas", "one transaction", "carried", "settle-direct");
        assertThat(again.exit()).isZero();
        assertThat(again.out()).contains("carried already").doesNotContain("transaction");
        assertThat(paid.exit()).as(paid.err()).isZero();
        assertThat(paid.out()).contains("2 owners agree", "2 ptUSD");
    }

    @Test
    void shouldPayByEvidenceOnlyWhatAnEpochDidNotPay() {
        // given
        var posted = scene.posted(paying(scene.settler.nextWindow(), SampleEvidence.PRICE / 4));
        market.advanceTo(posted.id().demandedUntil(DevMarket.WINDOW));
        assertThat(scene.settle(posted.id()).exit()).isZero();
        market.advanceTo(sample.order.deadline() + 4 * W);

        // when
        var carried = Json.read(carry(one, "--json").out(), JsonNode.class);
        var paid = settleDirect();

        // then
        var order = carried.path("orders").path(0);
        assertThat(order.path("state").asText()).isEqualTo("carried");
        assertThat(order.path("epoch").asInt()).isEqualTo(posted.id().number());
        assertThat(order.path("lines").asInt()).isEqualTo(2);
        assertThat(order.path("paid").asText()).isEqualTo(Long.toString(SampleEvidence.PRICE / 2));
        assertThat(carried.path("transactions").path(0).path("gasUsed").asLong())
                .isPositive();
        assertThat(paid.exit()).as(paid.err()).isZero();
        assertThat(paid.out()).contains("2 owners agree", "1.5 ptUSD");
    }

    @Test
    void shouldNeedTheEpochsFileOrSomebodysCopyOfIt() throws IOException {
        // given
        var posted = scene.posted(paying(scene.settler.nextWindow(), SampleEvidence.PRICE / 4));
        var copy = Files.write(homes.resolve("epoch.bin"), scene.settler.file());
        market.advanceTo(posted.id().demandedUntil(DevMarket.WINDOW));
        assertThat(scene.settle(posted.id()).exit()).isZero();
        scene.settler.withhold();

        // when
        var without = carry(one, "--yes");
        var with = carry(one, "--yes", "--file", copy.toString());

        // then
        assertThat(without.exit()).isEqualTo(ExitCode.DATA_MISSING);
        assertThat(without.out()).doesNotContain("transaction");
        assertThat(with.exit()).as(with.err()).isZero();
        assertThat(with.out()).contains("2 lines", "0.5 ptUSD");
    }

    @Test
    void shouldSayThatNothingIsInTheWayOfAnOrderMarkedDirect() {
        // given
        var direct = new SampleEvidence(market, "another job", true, market.time() + 600);

        // when
        var run = carry(one, direct.receipted(one), "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("marked direct: no epoch pays it").doesNotContain("transaction");
    }

    @Test
    void shouldSignNothingWithoutAYes() {
        // given
        var posted = scene.posted(scene.honest(scene.settler.nextWindow()));
        market.advanceTo(posted.id().demandedUntil(DevMarket.WINDOW));
        assertThat(scene.settle(posted.id()).exit()).isZero();

        // when
        var run = carry(one);

        // then
        assertThat(run.exit()).isNotZero();
        assertThat(run.out()).contains("the epoch left it out", "gas");
        assertThat(carry(one, "--yes").out()).doesNotContain("carried already");
    }

    /** Two lines of the order, so much each. */
    private EpochLedger paying(EpochId id, long amount) {
        var collector = new LineCollector();
        Stream.of(one, two)
                .map(sample::receipted)
                .sorted(Comparator.comparing(run -> run.assignmentHash().value()))
                .forEach(run -> collector.add(
                        run.order().builder(),
                        run.orderHash(),
                        run.assignmentHash(),
                        run.assignment().owner(),
                        Amount.of(amount)));
        return EpochLedger.of(id, collector.lines());
    }

    private CliRun carry(Owner owner, String... more) {
        return carry(owner, sample.receipted(owner), more);
    }

    private CliRun carry(Owner owner, KeptEvidence run, String... more) {
        var words = new ArrayList<>(List.of(
                "settlement",
                "carry",
                "--hub",
                scene.settler.url(),
                "--evidence",
                kept(run).toString()));
        words.addAll(List.of(more));
        return market.perigee(owner, words.toArray(String[]::new));
    }

    /** Both owners' evidence at hand. */
    private CliRun settleDirect() {
        return market.perigee(
                one,
                "settle-direct",
                "--evidence",
                kept(sample.receipted(one)).toString(),
                "--evidence",
                kept(sample.receipted(two)).toString(),
                "--yes");
    }

    private Path kept(KeptEvidence run) {
        try {
            return Files.write(homes.resolve(run.assignmentHash().value() + ".json"), Json.bytes(run));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
