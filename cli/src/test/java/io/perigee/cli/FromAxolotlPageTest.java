package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.perigee.cli.view.PaperTerminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/how-to/from-axolotl.md does what it says, as far as that goes without a hub. */
class FromAxolotlPageTest {
    private static final Path PAGE = Path.of("../docs/how-to/from-axolotl.md");

    @TempDir
    Path directory;

    @Test
    void shouldConvertAsThePageShows() throws IOException {
        // given
        var page = Files.readString(PAGE);
        var yaml = fenced(page, "yaml");
        var row = fenced(page, "json").getFirst();
        var here = directory.toRealPath();
        var file = Files.writeString(here.resolve("axolotl.yml"), yaml.getFirst());
        Files.createDirectories(here.resolve("base"));
        Files.write(here.resolve("base/model.safetensors"), new byte[1000]);
        Files.createDirectories(here.resolve("data"));
        Files.writeString(here.resolve("data/train.jsonl"), String.join("", Collections.nCopies(200, row)));

        // when
        var run = CliRun.of(here, "convert", file.toString(), "--price", "2.50");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().replace(here + "/", "./")).isEqualTo(yaml.get(1));
        assertThat(run.err()).contains("wandb_project", "progress is followed with perigee watch", "learning_rate");
    }

    @Test
    void shouldNameOnlyCommandsThereAre() throws IOException {
        // given
        var commands = fenced(Files.readString(PAGE), "sh").stream()
                .flatMap(String::lines)
                .map(line -> line.replaceFirst(" >.*", ""))
                .toList();

        for (var command : commands) {
            // when
            var words = Arrays.asList(command.split(" "));
            var root = new PerigeeCli();
            try (var session = new Session(
                    new PaperTerminal(), Map.of(), InstantSource.system(), new SecureRandom(), new Options())) {
                var line = PerigeeCli.commandLine(root, session);

                // then
                assertThat(words.getFirst()).isEqualTo("perigee");
                assertThatCode(() ->
                                line.parseArgs(words.subList(1, words.size()).toArray(String[]::new)))
                        .as(command)
                        .doesNotThrowAnyException();
            }
        }
        assertThat(commands).hasSizeGreaterThan(3);
    }

    private static List<String> fenced(String page, String kind) {
        return Pattern.compile("```" + kind + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
