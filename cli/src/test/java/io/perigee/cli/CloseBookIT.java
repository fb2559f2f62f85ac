package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A settler leaves: the book is closed when nothing is on its way, and the bond comes out when its time is over. */
class CloseBookIT {
    private static final long W = DevMarket.WINDOW.toSeconds();

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
    void shouldCloseTheBookAndTakeTheBondOutNineWindowsLater() {
        // given
        var before = free();

        // when
        var closed = book("--yes");
        var waiting = book("--yes");
        scene.market.advanceTo(scene.market.time() + 9 * W);
        var out = book("--json");

        // then
        assertThat(closed.exit()).as(closed.err()).isZero();
        assertThat(closed.out())
                .contains("10 ptUSD", "of bond may leave", "9 W", "gas", "closed")
                .contains("10 ptUSD on their way");
        assertThat(waiting.exit()).isEqualTo(ExitCode.STILL_RUNNING);
        assertThat(waiting.out()).contains("may leave").doesNotContain("transaction");
        assertThat(out.exit()).as(out.err()).isZero();
        var document = Json.read(out.out(), JsonNode.class);
        assertThat(document.path("bond").asText()).isEqualTo("0");
        assertThat(document.path("transactions").path(0).path("what").asText()).isEqualTo("take out");
        assertThat(free() - before).isEqualTo(Settler.BOND);
        var again = book("--yes");
        assertThat(again.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(again.err()).contains("a book with a bond in it");
    }

    @Test
    void shouldNotCloseWhileAnEpochIsOnItsWay() {
        // given
        var posted = scene.posted(scene.honest(scene.settler.nextWindow()));

        // when
        var pending = book("--yes");
        scene.market.advanceTo(posted.id().demandedUntil(DevMarket.WINDOW));
        var decided = book("--yes");
        scene.settle(posted.id());
        var settled = book("--yes");

        // then
        assertThat(pending.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(pending.err())
                .contains("epoch %d is pending".formatted(posted.id().number()));
        assertThat(decided.err())
                .contains("is final", "perigee settlement settle " + posted.id().number());
        assertThat(settled.exit()).as(settled.err()).isZero();
    }

    @Test
    void shouldRefuseAWalletThatIsNotTheSettlers() {
        var run = scene.market.perigee("dog", scene.dog, "settlement", "close", "--yes");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err())
                .contains(
                        "to be the settler of hub",
                        scene.settler.hub().address().value());
    }

    @Test
    void shouldSignNothingWithoutAYes() {
        var run = book();
        assertThat(run.exit()).isNotZero();
        assertThat(run.out()).contains("of bond may leave", "gas");
        assertThat(book("--yes").out()).contains("closed");
    }

    private CliRun book(String... more) {
        var words = new ArrayList<>(List.of("settlement", "close"));
        words.addAll(List.of(more));
        return scene.market.perigee("settler", scene.market.hub, words.toArray(String[]::new));
    }

    private long free() {
        return scene.market
                .ask("settler", scene.market.hub, "balance")
                .path("free")
                .asLong();
    }
}
