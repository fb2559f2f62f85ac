package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.DevMarket.Owner;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.KeptEvidence;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an accusation comes to, before the real court, the segment run again by the real trainer. */
class CourtIT {
    @TempDir
    Path homes;

    private CourtScene scene;
    private Owner one;
    private Owner two;
    private Owner three;
    private Path files = Path.of("");

    @BeforeEach
    void open() {
        scene = new CourtScene(homes);
        one = scene.market.owners.get(0);
        two = scene.market.owners.get(1);
        three = scene.market.owners.get(2);
        files = homes.resolve("case");
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void shouldCondemnAForgedSegmentByFiveWhoRunItAgain() {
        // given
        var proof = scene.proof("proof", List.of(honest(one), honest(two)), List.of(forged(three, 3)));
        var accused = scene.accuse(
                scene.accuser, proof, files, "--checkpoint", scene.checkpoint(2).toString());
        assertThat(accused.exit()).as(accused.err() + accused.out()).isZero();
        assertThat(scene.draw(0).exit()).isZero();
        var bench = scene.bench(0);

        // when
        for (var judge : bench) {
            var voted = scene.judge(judge, files, "--yes");
            assertThat(voted.exit()).as(voted.err() + voted.out()).isEqualTo(ExitCode.STILL_RUNNING);
        }
        scene.untilVotesAreOpened();
        for (var judge : bench) {
            var opened = scene.opens(judge);
            assertThat(opened.exit()).as(opened.err() + opened.out()).isZero();
        }
        var closed = scene.closes(0);

        // then: of the bond half is the builder's and a quarter the accuser's, who pays for five judges
        assertThat(closed.exit()).as(closed.err()).isZero();
        assertThat(closed.out()).contains("condemned");
        assertThat(scene.stake(three)).isEqualTo(CourtScene.STAKE - CourtScene.BOND);
        assertThat(scene.owed(scene.market.builder)).isEqualTo(CourtScene.BOND / 2);
        assertThat(scene.owed(scene.accuser))
                .isEqualTo(CourtScene.ACCUSER_BOND - 5 * CourtScene.FEE + CourtScene.BOND / 4);
        assertThat(scene.burned()).isEqualTo(CourtScene.BOND / 4);
        for (var judge : bench) {
            var before = scene.market.tokens(judge.address()).longValueExact();
            assertThat(scene.perigee(judge, "court", "withdraw", "--yes").exit())
                    .isZero();
            assertThat(scene.market.tokens(judge.address()).longValueExact() - before)
                    .isEqualTo(CourtScene.FEE);
        }
        assertThat(accused.out())
                .containsSubsequence("the run says", "you say", "adapter.safetensors", "differs")
                .containsSubsequence("your bond of 0.28 ptUSD", "your leaf", "0.14 ptUSD to 0.23 ptUSD of it back")
                .containsSubsequence("its own leaf", "is lost", "a third leaf", "is lost", "no one leaf")
                .containsSubsequence("approve", "0.28 ptUSD", "accuse", "0.28 ptUSD", "gas");
    }

    @Test
    void shouldGiveTheBuilderItsMoneyBackWhenThePaidQuorumForgedFromTheStart() {
        // given: two forgers agreed, were paid, and the one honest owner is the one who contradicts
        var forgers = List.of(forged(one, 1), forged(two, 1));
        var proof = scene.proof("proof", forgers, List.of(honest(three)));
        paidDirectly(forgers);
        var free = scene.market.free(scene.market.builder.address()).longValueExact();
        var accused = scene.accuse(scene.accuser, proof, files, "--accused", "0");
        assertThat(accused.exit()).as(accused.err() + accused.out()).isZero();

        // when
        decided(scene.trueLeaves(), 1);

        // then: the first segment needs no checkpoint, and the run's pay is the builder's again
        assertThat(files.resolve("checkpoint")).doesNotExist();
        assertThat(scene.market.free(scene.market.builder.address()).longValueExact() - free)
                .isEqualTo(CourtScene.PRICE);
        assertThat(scene.stake(one)).isEqualTo(CourtScene.STAKE - CourtScene.BOND);
        assertThat(scene.stake(two)).isEqualTo(CourtScene.STAKE);
    }

    @Test
    void shouldClearAnHonestRunAndTakeTheFalseAccusersBond() {
        // given: somebody who does not look
        var proof = scene.proof("proof", List.of(honest(one), honest(two)), List.of(forged(three, 3)));
        var accused = scene.accuse(
                scene.accuser,
                proof,
                files,
                "--checkpoint",
                scene.checkpoint(2).toString(),
                "--accused",
                "0",
                "--against",
                "2",
                "--unchecked");
        assertThat(accused.exit()).as(accused.err() + accused.out()).isZero();

        // when
        var closed = decided(scene.trueLeaves(), 3);

        // then
        var rest = CourtScene.ACCUSER_BOND - 5 * CourtScene.FEE;
        assertThat(closed.out()).contains("cleared");
        assertThat(scene.owed(scene.accuser)).isZero();
        assertThat(scene.owed(one.wallet())).isEqualTo(rest / 2);
        assertThat(scene.burned()).isEqualTo(rest - rest / 2);
        assertThat(scene.stake(one)).isEqualTo(CourtScene.STAKE);
    }

    @Test
    void shouldAccuseNobodyWhoseSegmentComesToTheSame() {
        // given
        var proof = scene.proof("proof", List.of(honest(one), honest(two)), List.of(forged(three, 3)));
        var before = scene.market.tokens(scene.accuser.address());

        // when
        var run = scene.accuse(
                scene.accuser,
                proof,
                files,
                "--checkpoint",
                scene.checkpoint(2).toString(),
                "--accused",
                "1",
                "--against",
                "2");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("CONTRADICTION", "it comes to the same", "the other is wrong");
        assertThat(scene.market.tokens(scene.accuser.address())).isEqualTo(before);
        assertThat(scene.perigee(scene.accuser, "court", "cases").out()).contains("no such case");
    }

    @Test
    void shouldComputeTheCheckpointAgainWhereNobodyHasIt() {
        // given
        var proof = scene.proof("proof", List.of(honest(one), honest(two)), List.of(forged(three, 2)));

        // when
        var run = scene.accuse(scene.accuser, proof, files, "--from-start", "--json");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(files.resolve("checkpoint/adapter.safetensors"))
                .hasSameBinaryContentAs(scene.checkpoint(1).resolve("adapter.safetensors"));
        var document = Json.read(run.out(), JsonNode.class);
        assertThat(document.path("border").asInt()).isEqualTo(2);
        assertThat(document.path("stage").asText()).isEqualTo("to_draw");
        assertThat(document.path("transactions")).hasSize(2);
    }

    @Test
    void shouldSearchForTheFirstWrongSegmentWhenAllSayTheSame() {
        // given: nobody contradicts the two who forged
        var proof = scene.proof("proof", List.of(forged(one, 3), forged(two, 3)), List.of());

        // when
        var run = scene.accuse(scene.accuser, proof, files, "--accused", "0", "--search", "--json");
        var honest = scene.proof("honest", List.of(honest(one), honest(two)), List.of());
        var none = scene.accuse(scene.accuser, honest, homes.resolve("other"), "--accused", "0", "--search");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        var document = Json.read(run.out(), JsonNode.class);
        assertThat(document.path("border").asInt()).isEqualTo(3);
        assertThat(document.path("dispute").path("claimedLeaf").asText())
                .isEqualTo(scene.leaf(scene.trueLeaves(), 3).value());
        assertThat(files.resolve("checkpoint/state.json"))
                .hasSameBinaryContentAs(scene.checkpoint(2).resolve("state.json"));
        assertThat(none.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(none.err()).contains("up to border 4 it comes to the same", "The run is right");
    }

    @Test
    void shouldCondemnARunThatWentOnFromACheckpointThatIsNone() throws IOException {
        // given: the files of its second border fit its leaf, and no trainer begins from them
        var proof = scene.proof("proof", List.of(honest(one), honest(two)), List.of(forged(three, 2)));
        var none = Files.createDirectories(homes.resolve("none"));
        for (var name : List.of("optimizer.safetensors", "state.json", "metrics.jsonl")) {
            Files.copy(scene.checkpoint(2).resolve(name), none.resolve(name));
        }
        Files.writeString(none.resolve("adapter.safetensors"), "forged 2");
        var accused = scene.accuse(scene.accuser, proof, files, "--border", "3", "--checkpoint", none.toString());
        assertThat(accused.exit()).as(accused.err() + accused.out()).isZero();

        // when
        var closed = decided(CourtCase.CANNOT_BE_RUN);

        // then
        assertThat(accused.out()).containsSubsequence("the segment", "was run", "cannot be");
        assertThat(closed.out()).contains("condemned");
        assertThat(scene.stake(three)).isEqualTo(CourtScene.STAKE - CourtScene.BOND);
        assertThat(scene.owed(scene.accuser))
                .isEqualTo(CourtScene.ACCUSER_BOND - 5 * CourtScene.FEE + CourtScene.BOND / 4);
        assertThat(scene.perigee(scene.accuser, "court", "show", "0").out())
                .contains("who came to no leaf: it cannot be run");
    }

    @Test
    void shouldAccuseARunOnce() {
        // given
        var proof = scene.proof("proof", List.of(honest(one), honest(two)), List.of(forged(three, 3)));
        var more = new String[] {"--checkpoint", scene.checkpoint(2).toString(), "--unchecked"};
        assertThat(scene.accuse(scene.accuser, proof, files, more).exit()).isZero();
        var before = scene.market.tokens(scene.accuser.address());

        // when
        var again = scene.accuse(scene.accuser, proof, homes.resolve("again"), more);

        // then: refused before anything was approved
        assertThat(again.exit()).isEqualTo(ExitCode.CHAIN);
        assertThat(again.err()).contains("JudgedAlready", "case about this segment is open");
        assertThat(again.out()).doesNotContain("approved");
        assertThat(scene.market.tokens(scene.accuser.address())).isEqualTo(before);
    }

    @Test
    void shouldProveThatARunWasOpenedInTwoWays() throws IOException {
        // given
        var first = kept(honest(three), "first");
        var second = kept(forged(three, 3), "second");

        // when
        var run = scene.perigee(
                scene.accuser,
                "court",
                "prove",
                "--evidence",
                first.toString(),
                "--evidence",
                second.toString(),
                "--yes");

        // then: no judges, no bond
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("0.4 ptUSD", "opened border 4 as");
        assertThat(scene.stake(three)).isEqualTo(CourtScene.STAKE - CourtScene.BOND);
        assertThat(scene.owed(scene.accuser)).isEqualTo(CourtScene.BOND / 4);
    }

    // ---- inside

    /** One judge of the five is the program; the others send the same by themselves. */
    private CliRun decided(List<SegmentHashes> leaves, int border) {
        return decided(scene.leaf(leaves, border));
    }

    private CliRun decided(Digest leaf) {
        assertThat(scene.draw(0).exit()).isZero();
        var judge = scene.bench(0).getFirst();
        var voted = scene.judge(judge, files, "--yes");
        assertThat(voted.exit()).as(voted.err() + voted.out()).isEqualTo(ExitCode.STILL_RUNNING);
        for (int seat = 1; seat < 5; seat++) {
            scene.commits(0, seat, leaf);
        }
        scene.untilVotesAreOpened();
        assertThat(scene.opens(judge).exit()).isZero();
        for (int seat = 1; seat < 5; seat++) {
            scene.reveals(0, seat, leaf);
        }
        return scene.closes(0);
    }

    private void paidDirectly(List<RunEvidence> runs) {
        var words = new ArrayList<>(List.of("settle-direct", "--yes"));
        for (var run : runs) {
            words.addAll(List.of(
                    "--evidence", kept(run, "run " + run.assignment().attempt()).toString()));
        }
        var settled = scene.perigee(one.wallet(), words.toArray(String[]::new));
        assertThat(settled.exit()).as(settled.err()).isZero();
    }

    private RunEvidence honest(Owner owner) {
        return scene.run(owner, scene.trueLeaves());
    }

    private RunEvidence forged(Owner owner, int from) {
        return scene.run(owner, scene.forgedFrom(from));
    }

    private Path kept(RunEvidence run, String name) {
        var evidence = KeptEvidence.of(
                scene.market.domain,
                scene.order,
                scene.market.builder.sign(scene.order.digest(scene.market.domain)),
                run);
        try {
            return Files.write(homes.resolve(name + ".json"), Json.bytes(evidence));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
