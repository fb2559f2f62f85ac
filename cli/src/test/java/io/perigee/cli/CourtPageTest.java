package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about the court, against the program. */
class CourtPageTest {
    private static final Path PAGE = Path.of("../docs/how-to/take-a-run-to-court.md");

    @TempDir
    Path home;

    @Test
    void shouldNameNoCommandAndNoOptionThatThereIsNot() throws IOException {
        // given
        var commands = commands();

        // when, then
        assertThat(commands).hasSizeGreaterThan(8);
        for (var command : commands) {
            var help = CliRun.of(home, "help", "court", command.get(2));
            assertThat(help.exit()).as(String.join(" ", command)).isZero();
            assertThat(help.out()).startsWith("Usage: perigee court " + command.get(2));
            command.stream().filter(word -> word.startsWith("--")).forEach(option -> assertThat(help.out())
                    .contains(option));
        }
    }

    /** Of its indented blocks and of its running text. */
    private static List<List<String>> commands() throws IOException {
        var text = Files.readString(PAGE);
        var blocks = text.lines().filter(line -> line.startsWith("    perigee court "));
        var running = Stream.of(text.split("`")).filter(piece -> piece.startsWith("perigee court "));
        return Stream.concat(blocks, running)
                .map(line -> line.strip().replaceAll(" +#.*", ""))
                .map(line -> List.of(line.split(" +")))
                .filter(words -> words.size() > 2)
                .toList();
    }
}
