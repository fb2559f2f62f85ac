package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.cli.view.PaperTerminal;
import io.perigee.protocol.rest.TimelineEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Providers' words, and a hub's, that a terminal would obey. */
class NastyWordsTest {
    private static final String NASTY =
            "no\u001B]52;c;eA==\u0007\r\u001B[2K\u001B[32maccepted\u001B[0m \u009B2K \u202Etxt";
    private static final String JOB = "01a217d8-b63f-70d6-b596-f1ba23ce22f8";
    private static final String OTHER_JOB = "01a217d8-b63f-70d6-b596-f1ba23ce22f9";
    private static final String OURS = "\u001B\\[(0|1|2|31|32|33|36)m";

    @TempDir
    Path home;

    private StubHub hub;

    @BeforeEach
    void open() throws IOException {
        StubHub.moveIn(home);
        var entry = new TimelineEntry(1, Instant.EPOCH, NASTY, NASTY, NASTY, NASTY, Map.of(NASTY, NASTY));
        hub = new StubHub()
                .with("/jobs/" + JOB + "/timeline", List.of(entry))
                .with("/jobs/" + OTHER_JOB + "/timeline", StubHub.problem("NOT_FOUND", NASTY));
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void shouldShowATimelineWithoutThem() {
        // when
        var run = CliRun.of(home, hub.words("timeline", JOB, "--links"));

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("accepted").doesNotContainPattern("[\\p{Cntrl}\u0080-\u009F\u202E&&[^\n]]");
    }

    @Test
    void shouldPaintWithItsOwnColoursAlone() {
        // given
        var terminal = colourful();

        // when
        run(terminal, "timeline", JOB, "--links");

        // then
        assertThat(terminal.text())
                .contains("\u001B[2m", "[32maccepted")
                .doesNotContain("\u001B[32m")
                .satisfies(text -> assertThat(text.replaceAll(OURS, ""))
                        .doesNotContainPattern("[\\p{Cntrl}\u0080-\u009F\u202E&&[^\n]]"));
    }

    @Test
    void shouldPassThemOnToPrograms() {
        // when
        var run = CliRun.of(home, hub.words("timeline", JOB, "--json"));

        // then: as JSON writes them
        assertThat(run.out()).contains("\\u001B]52;c;eA==").doesNotContain("\u001B");
    }

    @Test
    void shouldSayARefusalWithoutThem() {
        // given
        var terminal = colourful();

        // when
        run(terminal, "timeline", OTHER_JOB);

        // then
        assertThat(terminal.errors())
                .contains("[32maccepted")
                .doesNotContain("\u001B[32m")
                .satisfies(text -> assertThat(text.replaceAll(OURS, ""))
                        .doesNotContainPattern("[\\p{Cntrl}\u0080-\u009F\u202E&&[^\n]]"));
    }

    private void run(PaperTerminal terminal, String... words) {
        PerigeeCli.run(terminal, Map.of("PERIGEE_HOME", home.toString()), InstantSource.system(), hub.words(words));
    }

    private static PaperTerminal colourful() {
        return new PaperTerminal() {
            @Override
            public boolean colour() {
                return true;
            }
        };
    }
}
