package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit} of one job against something that answers as a hub does. */
class SubmitTest {
    @TempDir
    Path home;

    private StubHub hub;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        StubHub.moveIn(home);
        hub = new StubHub();
        file = Files.writeString(home.resolve("job.yaml"), StubHub.job("a"));
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private CliRun submit(String... more) {
        var words = new java.util.ArrayList<>(List.of("submit", file.toString(), "--yes"));
        words.addAll(List.of(more));
        return CliRun.of(home, hub.words(words.toArray(String[]::new)));
    }

    @Test
    void shouldSendTheSameOrderAgainWhenTheAnswerWasLost() {
        // given
        hub.isLost = _ -> true;
        var broken = submit();
        var id = hub.made.values().iterator().next();
        hub.isLost = _ -> false;

        // when
        var again = submit();

        // then
        assertThat(broken.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(broken.err()).contains("whether job " + id + " was made is not known", "sends the same order");
        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(again.out()).contains("job " + id + " was signed before", "submitted  job " + id);
        assertThat(hub.made).hasSize(1);
    }

    @Test
    void shouldMakeANewJobOnceItIsAnswered() {
        submit();
        submit();
        assertThat(hub.made).hasSize(2);
        assertThat(home.resolve("submissions")).isEmptyDirectory();
    }

    @Test
    void shouldTakeAnotherKeyOrAnotherFileForAnotherJob() throws IOException {
        // given
        hub.isLost = _ -> true;
        submit();
        hub.isLost = _ -> false;

        // when
        submit("--idempotency-key", "mine");
        Files.writeString(file, StubHub.job("b"));
        submit();

        // then
        assertThat(hub.made).hasSize(3);
    }
}
