package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.result.CourtCase;
import io.perigee.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A judge's own work: what it is given, what it keeps, and what happens when it is not there. */
class JudgeIT {
    private static final Duration W = DevMarket.WINDOW;

    @TempDir
    Path homes;

    private CourtScene scene;
    private Path files = Path.of("");

    @BeforeEach
    void open() {
        scene = new CourtScene(homes);
        files = homes.resolve("case");
        var owners = scene.market.owners;
        var proof = scene.proof(
                "proof",
                List.of(scene.run(owners.get(0), scene.trueLeaves()), scene.run(owners.get(1), scene.trueLeaves())),
                List.of(scene.run(owners.get(2), scene.forgedFrom(3))));
        var accused = scene.accuse(
                scene.accuser, proof, files, "--checkpoint", scene.checkpoint(2).toString(), "--unchecked");
        assertThat(accused.exit()).as(accused.err()).isZero();
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void shouldRefuseACheckpointThatIsNotTheOneOnChain() throws IOException {
        var judge = drawn();
        Files.write(files.resolve("checkpoint/optimizer.safetensors"), new byte[] {1}, StandardOpenOption.APPEND);
        assertRefused(judge, "optimizer.safetensors of border 2 with sha256:");
    }

    @Test
    void shouldRefuseAnotherDataset() throws IOException {
        var judge = drawn();
        Files.writeString(files.resolve("dataset/more.jsonl"), "{\"text\":\"a row more\"}\n");
        assertRefused(judge, "Expected the dataset 'sha256:");
    }

    @Test
    void shouldRefuseAnotherBase() throws IOException {
        var judge = drawn();
        Files.delete(files.resolve("base/README.md"));
        assertRefused(judge, "Expected the base 'sha256:");
    }

    @Test
    void shouldRefuseALinkInPlaceOfAFile() throws IOException {
        var judge = drawn();
        var state = files.resolve("checkpoint/state.json");
        Files.move(state, homes.resolve("elsewhere"));
        Files.createSymbolicLink(state, homes.resolve("elsewhere"));
        var run = scene.judge(judge, files, "--yes");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("it is not a plain file there");
        assertNothingKept(judge);
    }

    @Test
    void shouldRefuseAnotherLeafOfTheSameRun() throws IOException {
        var judge = drawn();
        var told = Json.read(Files.readAllBytes(files.resolve("case.json")), CourtCase.class);
        Files.write(
                files.resolve("case.json"),
                Json.bytes(new CourtCase(CourtCase.VERSION, told.spec(), told.run(), told.leaves(), 4, null)));
        assertRefused(judge, "Expected the leaf that is accused '");
    }

    @Test
    void shouldRefuseLeavesThatAreNotUnderTheRoot() throws IOException {
        // given
        var judge = drawn();
        var text = Files.readString(files.resolve("case.json"));
        var leaf = scene.forgedFrom(3).get(2).adapter().value();
        Files.writeString(
                files.resolve("case.json"),
                text.replace(leaf, scene.trueLeaves().get(2).adapter().value()));

        // when
        var run = scene.judge(judge, files, "--yes");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("MALFORMED", "the run's root is");
        assertNothingKept(judge);
    }

    @Test
    void shouldRefuseWhoDoesNotSit() {
        // given
        drawn();
        var bench = scene.bench(0);
        var other = scene.judges.stream()
                .filter(one -> !bench.contains(one))
                .findFirst()
                .orElseThrow();

        // when
        var run = scene.judge(other, files, "--yes");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.IDENTITY);
        assertThat(run.err()).contains("but it does not sit there now");
    }

    @Test
    void shouldGoOnWithTheVoteThatWasKeptBeforeAKill() {
        // given: the vote was kept, and the program ended before it was sent
        var judge = drawn();
        var killed = scene.judge(judge, files);
        assertThat(killed.err()).contains("Expected a yes to 'Vote?'");
        assertThat(committed(0)).isFalse();

        // when: no case is at hand any more
        var again = scene.perigee(judge, "court", "judge", "0", "--once", "--yes");
        scene.untilVotesAreOpened();
        var opened = scene.opens(judge);
        var twice = scene.opens(judge);

        // then
        assertThat(again.exit()).as(again.err()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(again.out()).contains("going on with the vote kept before", "the accuser's leaf");
        assertThat(opened.exit()).as(opened.err()).isZero();
        assertThat(twice.exit()).as(twice.err()).isZero();
        assertThat(twice.out()).doesNotContain("gas");
        assertThat(scene.perigee(judge, "court", "show", "0").out())
                .containsPattern("0 +" + judge.address() + " +the accuser's leaf");
    }

    @Test
    void shouldSayThatAVoteIsOpenedOnlyWhereItWasMade() throws IOException {
        // given
        var judge = drawn();
        assertThat(scene.judge(judge, files, "--yes").exit()).isEqualTo(ExitCode.STILL_RUNNING);
        try (var kept = Files.list(ballots(judge))) {
            for (var file : kept.toList()) {
                Files.delete(file);
            }
        }
        scene.untilVotesAreOpened();

        // when
        var run = scene.opens(judge);

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("Expected the vote of case 0 in this home", "--home");
    }

    @Test
    void shouldWaitAndOpenTheVoteByItself() throws Exception {
        // given
        var judge = drawn();

        // when
        var waiting = CompletableFuture.supplyAsync(() -> scene.perigee(
                judge, "court", "judge", "0", "--case", files.toString(), "--process", "--every", "1", "--yes"));
        Await.until(Duration.ofSeconds(120), Duration.ofMillis(500), () -> committed(0), () -> "no vote");
        scene.untilVotesAreOpened();
        var run = waiting.get(60, TimeUnit.SECONDS);

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("opened; anybody counts from");
    }

    @Test
    void shouldAttendToEverySeatOfAJudgeWhoWatches() throws IOException {
        // given: a case that nobody gave it, then one that stands under some name
        var judge = drawn();
        var shelf = Files.createDirectories(homes.resolve("shelf"));
        Files.createDirectories(shelf.resolve("not a case"));
        var missing = watch(judge, shelf);
        Files.move(files, shelf.resolve("from the accuser"));

        // when
        var voted = watch(judge, shelf);
        var nothing = watch(judge, shelf);
        scene.untilVotesAreOpened();
        var opened = watch(judge, shelf);

        // then
        assertThat(missing.out()).contains("case 0  missing", "no directory in", "the time to vote ends");
        assertThat(voted.exit()).as(voted.err()).isZero();
        assertThat(voted.out()).contains("the time to vote ends", "case 0  voted  the accuser's leaf");
        assertThat(nothing.out()).isBlank();
        assertThat(opened.out()).contains("case 0  opened  the accuser's leaf");
    }

    private CliRun watch(KeyPair judge, Path shelf) {
        return scene.perigee(judge, "court", "watch", "--cases", shelf.toString(), "--process", "--once", "--yes");
    }

    @Test
    void shouldReplaceAJudgeWhoIsSilent() {
        // given
        var silent = drawn();
        var leaf = scene.leaf(scene.trueLeaves(), 3);
        for (int seat = 1; seat < 5; seat++) {
            scene.commits(0, seat, leaf);
        }
        scene.market.advance(W.dividedBy(2).plusSeconds(1));
        var told = scene.perigee(scene.accuser, "court", "show", "0");

        // when
        var replaced = scene.perigee(scene.accuser, "court", "replace", "0", "--yes");
        var fresh = scene.bench(0).getFirst();
        var voted = scene.judge(fresh, files, "--yes");
        scene.market.advance(W.dividedBy(4).plus(W.dividedBy(8)));
        scene.opens(fresh);
        for (int seat = 1; seat < 5; seat++) {
            scene.reveals(0, seat, leaf);
        }
        var closed = scene.closes(0);

        // then
        assertThat(told.out()).contains("silent", "perigee court replace 0");
        assertThat(replaced.exit()).as(replaced.err()).isZero();
        assertThat(fresh).isNotEqualTo(silent);
        assertThat(voted.exit()).as(voted.err()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(closed.out()).contains("condemned");
        assertThat(scene.perigee(silent, "court", "tickets").out()).contains("lost by silence");
        assertThat(scene.burned()).isEqualTo(CourtScene.TICKET + CourtScene.BOND / 4);
    }

    @Test
    void shouldCallASecondCourtWhenTheFirstSplits() {
        // given
        drawn();
        var right = scene.leaf(scene.trueLeaves(), 3);
        var wrong = scene.leaf(scene.forgedFrom(3), 3);
        for (int seat = 0; seat < 5; seat++) {
            scene.commits(0, seat, seat < 3 ? right : wrong);
        }
        scene.untilVotesAreOpened();
        for (int seat = 0; seat < 5; seat++) {
            scene.reveals(0, seat, seat < 3 ? right : wrong);
        }

        // when
        var closed = scene.closes(0);
        var drawn = scene.draw(0);
        scene.market.advance(W);
        var ended = scene.closes(0);

        // then: three of eight judges are left, too few for nine
        assertThat(closed.exit()).as(closed.err()).isZero();
        assertThat(closed.out()).contains("to be drawn", "perigee court draw 0");
        assertThat(drawn.exit()).as(drawn.err()).isZero();
        assertThat(drawn.out()).contains("to be drawn", "perigee court draw 0");
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("undecided");
        assertThat(scene.owed(scene.accuser)).isEqualTo(CourtScene.ACCUSER_BOND - 5 * CourtScene.FEE);
    }

    @Test
    void shouldBuyAndGiveBackTickets() {
        // given
        var judge = DevMarket.key("another judge");
        scene.market.fund(judge);
        var before = scene.market.tokens(judge.address());

        // when
        var bought = scene.perigee(judge, "court", "enlist", "2", "--yes");
        var shown = scene.perigee(judge, "court", "tickets");
        var given = scene.perigee(judge, "court", "delist", "--yes");
        var soon = scene.perigee(judge, "court", "withdraw", "--yes");
        var leaving = scene.perigee(judge, "court", "tickets");
        scene.market.advance(W.multipliedBy(2));
        var taken = scene.perigee(judge, "court", "withdraw", "--yes");

        // then
        assertThat(bought.exit()).as(bought.err()).isZero();
        assertThat(bought.out()).contains("2 ptUSD", "2 at 1 ptUSD each; a case pays 0.01 ptUSD", "30m 00s to vote");
        assertThat(shown.out()).containsPattern("(?m)^ +8 ").containsPattern("(?m)^ +9 ");
        assertThat(given.exit()).as(given.err()).isZero();
        assertThat(soon.out()).contains("the court owes this wallet nothing");
        assertThat(leaving.out()).contains("asked back, may still be drawn");
        assertThat(taken.exit()).as(taken.err()).isZero();
        assertThat(taken.out()).contains("withdraw", "2 ptUSD");
        assertThat(scene.market.tokens(judge.address())).isEqualTo(before);
        assertThat(scene.perigee(judge, "court", "delist", "--yes").err()).contains("NOT_FOUND");
    }

    // ---- inside

    /** Draws the court; who sits first. */
    private KeyPair drawn() {
        var drawn = scene.draw(0);
        assertThat(drawn.exit()).as(drawn.err()).isZero();
        return scene.bench(0).getFirst();
    }

    private void assertRefused(KeyPair judge, String words) throws IOException {
        var run = scene.judge(judge, files, "--yes");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("DIGEST_MISMATCH", words);
        assertNothingKept(judge);
    }

    private void assertNothingKept(KeyPair judge) throws IOException {
        assertThat(committed(0)).isFalse();
        try (var kept = Files.list(ballots(judge))) {
            assertThat(kept.filter(file -> file.toString().endsWith(".json"))).isEmpty();
        }
    }

    private Path ballots(KeyPair judge) {
        return scene.home(judge).resolve("court/ballots");
    }

    private boolean committed(int seat) {
        var shown = scene.perigee(scene.accuser, "court", "show", "0", "--json");
        return Json.read(shown.out(), JsonNode.class)
                .path("seats")
                .path(seat)
                .path("committed")
                .asBoolean();
    }
}
