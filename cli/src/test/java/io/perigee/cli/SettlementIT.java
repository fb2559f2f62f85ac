package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.epoch.EpochLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What anybody can find out about a hub's epochs: true, false and withheld ones, on a real chain with the real contracts. */
class SettlementIT {
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
    void shouldFindATrueEpochTrueByTheHubsFile() {
        // given
        var ledger = scene.posted(scene.honest(scene.settler.nextWindow()));

        // when
        var run = scene.verify(ledger.id());

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
        var ledger = scene.posted(scene.honest(scene.settler.nextWindow()));
        var file = Files.write(homes.resolve("epoch.bin"), scene.settler.file());
        scene.settler.close();

        // when
        var run = scene.market.perigee(
                "dog",
                scene.dog,
                "settlement",
                "verify",
                EpochScene.number(ledger.id()),
                "--file",
                file.toString(),
                "--json");

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
        var ledger = scene.posted(scene.robbed(scene.settler.nextWindow()));

        // when
        var run = scene.verify(ledger.id());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.PROOF_WRONG);
        assertThat(run.out()).contains("it is not true", "to be credited what its lines come to");
    }

    @Test
    void shouldSayThatTheFileIsWithheld() {
        // given
        var ledger = scene.posted(scene.honest(scene.settler.nextWindow()));
        scene.settler.withhold();

        // when
        var run = scene.verify(ledger.id());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.DATA_MISSING);
        assertThat(run.out()).contains("not computed", "can be demanded");
    }

    @Test
    void shouldTakeAFileOfOtherLinesForNone() {
        // given
        var ledger = scene.posted(scene.honest(scene.settler.nextWindow()));
        scene.settler.publish(EpochLedger.of(ledger.id(), scene.lines(5)));

        // when
        var run = scene.verify(ledger.id());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.DATA_MISSING);
        assertThat(run.out()).contains("to have the root");
    }

    @Test
    void shouldSayThatNothingWasPosted() {
        var run = scene.verify(scene.settler.nextWindow());
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("to be posted, but no post was found");
    }
}
