package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.DevMarket.Owner;
import io.perigee.cli.view.Words;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.result.KeptEvidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub is gone; what agents kept is shown to the real contracts, and pays. */
class SettleDirectIT {
    private static final long W = DevMarket.WINDOW.toSeconds();

    @TempDir
    Path homes;

    private DevMarket market;
    private Owner one;
    private Owner two;
    private Owner three;

    @BeforeEach
    void open() {
        open(50_000_000);
    }

    private void open(long allotment) {
        market = new DevMarket(homes);
        market.open(allotment);
        one = market.owners.get(0);
        two = market.owners.get(1);
        three = market.owners.get(2);
    }

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldPayAllWhoOpenedWhenTheQuorumIsReached() {
        // given
        var sample = direct("a job");
        market.advanceTo(sample.order.deadline() + 1);

        // when
        var first = settle(one, sample.receipted(one), "--yes");
        var again = settle(one, sample.receipted(one), "--yes");
        var second = settle(two, sample.receipted(two), "--yes");
        var third = settle(three, sample.receipted(three), "--yes");

        // then
        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.out())
                .contains("ready", "4 of 4", "1 ptUSD", "0 of 2 that must agree stand on chain", "gas")
                .contains("1 of 2 stand on chain; another owner may open until");
        assertThat(again.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(again.out()).contains("opened, 1 of 2");
        assertThat(second.out()).contains("1 ptUSD reserved, ripe").contains("perigee claim");
        assertThat(third.out()).contains("1 ptUSD reserved");
        assertPaid(one, sample.receipted(one));
        assertPaid(two, sample.receipted(two));
        assertPaid(three, sample.receipted(three));
        claimed(one, 0);
        market.advanceTo(market.time() + 2 * W);
        for (var owner : market.owners) {
            var before = market.tokens(owner.address());
            claimed(owner, SampleEvidence.PRICE);
            assertThat(market.tokens(owner.address()).subtract(before)).isEqualTo(SampleEvidence.PRICE);
        }
    }

    @Test
    void shouldSettleAtOnceWithAQuorumsEvidenceAtHand() {
        // given: one person runs agents of two owners; the order is marked direct, and its deadline not past
        var sample = direct("a job");

        // when
        var run = settle(one, List.of(sample.receipted(one), sample.receipted(two)), "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("2 owners agree", "2 ptUSD", "one transaction");
        assertPaid(one, sample.receipted(one));
        assertPaid(two, sample.receipted(two));
    }

    @Test
    void shouldPayTheOthersWhenARunOfTheHomeIsRefused() {
        // given: the first of three revoked its key before it was assigned, so that the contract refuses all it is
        // shown with
        DevMarket.sent(() -> market.deployment
                .registry(market.web3j, market.manager(one.wallet()))
                .revokeKey(one.provider().bytes(), BigInteger.ONE)
                .send());
        market.advanceTo(market.time() + 60);
        var sample = direct("a job");
        var other = direct("another job");
        market.advanceTo(sample.order.deadline() + 1);
        var runs = List.of(sample.receipted(one), sample.receipted(two), sample.receipted(three), other.receipted(one));

        // when
        var run = settle(two, runs, "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("2 owners agree", "refused: KeyRevoked");
        assertThat(paid(sample.receipted(one))).isZero();
        assertPaid(two, sample.receipted(two));
        assertPaid(three, sample.receipted(three));
    }

    @Test
    void shouldWaitUntilNoEpochMayPayTheOrder() {
        // given
        var sample = new SampleEvidence(market, "a job", false, market.time() + 600);
        market.advanceTo(sample.order.deadline() + 1);

        // when
        var early = settle(one, sample.receipted(one), "--yes");
        market.advanceTo(sample.order.deadline() + 4 * W);
        var opened = settle(one, sample.receipted(one), "--yes");
        var agreed = settle(two, sample.receipted(two), "--yes");

        // then
        assertThat(early.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(early.out()).contains("early", "from ", "until then an epoch may pay it");
        assertThat(opened.exit()).as(opened.err()).isZero();
        assertThat(agreed.exit()).as(agreed.err()).isZero();
        assertPaid(one, sample.receipted(one));
        assertPaid(two, sample.receipted(two));
    }

    @Test
    void shouldPayARunWithoutAReceiptThatWasRecordedInTime() {
        // given
        var sample = direct("a job");
        var told = settle(one, sample.unreceipted(one), "--yes");
        var recorded = settle(one, sample.unreceipted(one), "--record", "--yes");
        settle(two, sample.unreceipted(two), "--record", "--yes");
        market.advanceTo(sample.order.deadline() + 1);

        // when
        settle(one, sample.unreceipted(one), "--yes");
        settle(two, sample.unreceipted(two), "--yes");

        // then
        assertThat(told.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(told.out()).contains("not recorded", "until ", "no receipt of the hub: --record");
        assertThat(recorded.out()).contains("recorded", "commitment to border 4");
        assertPaid(one, sample.unreceipted(one));
        assertPaid(two, sample.unreceipted(two));
    }

    @Test
    void shouldSayThatARunNeitherReceiptedNorRecordedIsLost() {
        // given
        var sample = direct("a job");
        market.advanceTo(sample.order.deadline() + 1);

        // when
        var run = settle(one, sample.unreceipted(one), "--yes");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("lost", "not recorded before the deadline");
    }

    @Test
    void shouldSayThatItIsTooLate() {
        // given
        var sample = direct("a job");
        market.advanceTo(sample.order.deadline() + 6 * W + 1);

        // when
        var run = settle(one, sample.receipted(one), "--yes");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("over", "since ");
    }

    @Test
    void shouldNotPayALoneForgerAndPayTheTwoWhoAgree() {
        // given
        var sample = direct("a job");
        var forged = sample.of(one, "forged", true, SampleEvidence.BORDERS);
        market.advanceTo(sample.order.deadline() + 1);
        settle(one, forged, "--yes");

        // when
        var second = settle(two, sample.receipted(two), "--yes");
        settle(three, sample.receipted(three), "--yes");

        // then
        assertThat(second.out()).contains("another owner opened another answer for border 4");
        assertThat(paid(forged)).isZero();
        assertPaid(two, sample.receipted(two));
        assertPaid(three, sample.receipted(three));
    }

    @Test
    void shouldShowTheBorderThatOthersCanShow() {
        // given: the first got as far as border 2 when the hub went
        var sample = direct("a job");
        market.advanceTo(sample.order.deadline() + 1);
        settle(one, sample.of(one, "the same", true, 1, 2), "--yes");
        var further = sample.of(two, "the same", true, 1, 2, 3, 4);

        // when
        var whole = settle(two, further, "--yes");
        var part = settle(two, further, "--border", "2", "--yes");

        // then
        assertThat(whole.out()).contains("another owner opened border 2: --border 2 shows yours");
        assertThat(part.exit()).as(part.err()).isZero();
        assertThat(paid(further)).isEqualTo(SampleEvidence.PRICE / 2);
    }

    @Test
    void shouldShowThePartThatAuditorsSignedForThoughTheRunWentFurther() {
        // given: the first was given up while it ran, and the hub was gone before it paid what two had audited
        var sample = direct("a job");
        var run = sample.of(one, "the same", true, 1, 2, 3);
        var audits = List.of(sample.auditing(two, run, 2), sample.auditing(three, run, 2));
        market.advanceTo(sample.order.deadline() + 1);

        // when
        var shown = settle(one, List.of(run, audits.getFirst(), audits.getLast()), "--yes");

        // then
        assertThat(shown.exit()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("2 of 4", "signed", "one transaction");
        assertThat(paid(run)).isEqualTo(SampleEvidence.PRICE / 2);
        assertPaid(two, audits.getFirst());
        assertPaid(three, audits.getLast());
    }

    @Test
    void shouldOpenNoRunOfAnAuditorByItself() {
        // given
        var sample = direct("a job");
        var run = sample.of(one, "the same", true, 1, 2, 3);
        market.advanceTo(sample.order.deadline() + 1);

        // when
        var alone = settle(two, sample.auditing(two, run, 2), "--yes");
        var oneOfTwo = settle(one, List.of(run, sample.auditing(two, run, 2)), "--yes");

        // then
        assertThat(alone.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(alone.out()).contains("signed", "paid with the run it signed for");
        assertThat(oneOfTwo.out()).contains("3 of 4", "0 of 2 that must agree stand on chain");
        assertThat(paid(run)).isZero();
    }

    @Test
    void shouldReadAnAgentsHome() throws IOException {
        // given
        var sample = direct("a job");
        var kept = Files.createDirectories(homes.resolve("agent/evidence"));
        Files.write(kept.resolve("run.json"), Json.bytes(sample.receipted(one)));
        market.advanceTo(sample.order.deadline() + 1);

        // when
        var run = CliRun.of(
                market.home("one", one.wallet()),
                "settle-direct",
                "--agent-home",
                homes.resolve("agent").toString(),
                "--rpc",
                market.anvil.url(),
                "--json");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        var document = Json.read(run.out(), JsonNode.class);
        assertThat(document.path("runs").path(0).path("state").asText()).isEqualTo("opened");
        assertThat(document.path("transactions")).hasSize(1);
    }

    @Test
    void shouldRefuseEvidenceThatWasChanged() throws IOException {
        // given
        var text = Json.text(direct("a job").receipted(one));
        var file = Files.writeString(
                homes.resolve("changed.json"), text.replaceFirst("\"leafCount\":4", "\"leafCount\":3"));

        // when
        var run = market.perigee(one, "settle-direct", "--evidence", file.toString());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("it is not what the commitment seals");
    }

    @Test
    void shouldGoOnWithTheOthersAfterARefusalAndNameIt() {
        // given: the builder's money is enough for the first order, which nobody can know before it is sent
        market.close();
        open(2 * SampleEvidence.PRICE);
        var sample = direct("a job");
        var lacks = direct("another job");
        var alone = direct("a third job");
        market.advanceTo(sample.order.deadline() + 1);
        var runs = List.of(
                sample.receipted(one),
                sample.receipted(two),
                lacks.receipted(one),
                lacks.receipted(two),
                alone.receipted(one));

        // when
        var run = settle(one, runs, "--yes");
        var again = settle(one, alone.receipted(one), "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.PARTIAL);
        assertThat(run.out())
                .contains("refused  order " + Words.brief(lacks.orderHash().value()))
                .contains("InsufficientAllotment");
        assertPaid(one, sample.receipted(one));
        assertPaid(two, sample.receipted(two));
        assertThat(again.out()).contains("opened, 1 of 2");
    }

    @Test
    void shouldClaimEachByItselfWhenOneIsRefused() {
        // given
        var whole = direct("a job");
        var part = direct("another job");
        market.advanceTo(whole.order.deadline() + 1);
        var halves = List.of(part.of(one, "the same", true, 1, 2), part.of(two, "the same", true, 1, 2));
        settle(one, List.of(whole.receipted(one), whole.receipted(two), halves.get(0), halves.get(1)), "--yes");
        market.advanceTo(market.time() + 2 * W);
        market.refuseTransfersOf(SampleEvidence.PRICE / 2);
        var before = market.tokens(one.address());

        // when
        var run = market.perigee(one, "claim", "--yes", "--json");
        var again = market.perigee(one, "claim", "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.PARTIAL);
        var document = Json.read(run.out(), JsonNode.class);
        assertThat(document.path("claimed").asText()).isEqualTo(Long.toString(SampleEvidence.PRICE));
        assertThat(document.path("refused").path(0).path("why").asText())
                .contains(
                        halves.getFirst().assignmentHash().value(),
                        one.address().value());
        assertThat(market.tokens(one.address()).subtract(before)).isEqualTo(SampleEvidence.PRICE);
        assertThat(again.exit()).isEqualTo(ExitCode.CHAIN);
        assertThat(again.out()).contains(halves.getFirst().assignmentHash().value());
    }

    private SampleEvidence direct(String job) {
        return new SampleEvidence(market, job, true, market.time() + 600);
    }

    private CliRun settle(Owner owner, KeptEvidence run, String... more) {
        return settle(owner, List.of(run), more);
    }

    private CliRun settle(Owner owner, List<KeptEvidence> runs, String... more) {
        var words = new ArrayList<>(List.of("settle-direct"));
        for (int i = 0; i < runs.size(); i++) {
            words.addAll(
                    List.of("--evidence", write(owner.name() + i, runs.get(i)).toString()));
        }
        words.addAll(List.of(more));
        return market.perigee(owner, words.toArray(String[]::new));
    }

    private Path write(String name, KeptEvidence run) {
        try {
            return Files.write(homes.resolve(name + ".json"), Json.bytes(run));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void claimed(Owner owner, long amount) {
        assertThat(market.ask(owner, "claim").path("claimed").asText()).isEqualTo(Long.toString(amount));
    }

    private void assertPaid(Owner owner, KeptEvidence run) {
        assertThat(paid(run)).as(owner.name()).isEqualTo(SampleEvidence.PRICE);
    }

    private long paid(KeptEvidence run) {
        return DevMarket.sent(() -> market.escrow(market.builder)
                        .paid(run.orderHash().bytes(), run.assignmentHash().bytes())
                        .send())
                .longValueExact();
    }
}
