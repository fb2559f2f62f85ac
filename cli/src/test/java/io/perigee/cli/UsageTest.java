package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.view.PaperTerminal;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class UsageTest {
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\S+");

    @TempDir
    Path home;

    @Test
    void shouldShowEveryCommandInOneGroupWhenCalledWithNothing() {
        // when
        var run = CliRun.of(home);

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(Manual.GROUPS.stream().flatMap(group -> group.getValue().stream()))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(line().getSubcommands().keySet());
        for (var command : line().getSubcommands().keySet()) {
            assertThat(run.err()).containsPattern("(?m)^  " + command + " ");
        }
        assertThat(run.err()).contains("Exit codes", "--json", "demo [--cheater] [--direct]", "simulate");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldHelpWithEveryCommand(String command) {
        // given
        var words = (command + " --help").split(" ");

        // when
        var run = CliRun.of(home, words);

        // then
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("Usage: perigee " + command);
        assertThat(CliRun.of(home, ("help " + command).split(" ")).out()).isEqualTo(run.out());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldGiveAnExampleOfEveryCommandThatItTakes(String command) {
        // given
        var spec = spec(line(), command);

        // when
        var examples = Stream.of(spec.usageMessage().footer())
                .filter(line -> line.startsWith("Example: perigee "))
                .toList();

        // then
        assertThat(examples).hasSize(1);
        assertThat(CliRun.of(home, (command + " --help").split(" ")).out()).contains("Example: perigee ");
        assertThat(called(examples.getFirst())).contains(spec.userObject().getClass());
    }

    @ParameterizedTest
    @ValueSource(strings = {"wallet", "provider", "court", "settlement", "artifact", "nonsense", "help nonsense"})
    void shouldEndWrongUsageWithOneCode(String command) {
        // when
        var run = CliRun.of(home, command.split(" "));

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isNotEmpty();
    }

    @Test
    void shouldSayHowToGoByTheChainAloneWhenNoHubIsThere() {
        // when
        var run = CliRun.of(home, "balance", "--address", "0x" + "1".repeat(40), "--hub", "http://127.0.0.1:1");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err()).contains("--rpc URL --escrow ADDRESS");
    }

    @Test
    void shouldNotSayThatAnUploadEndedThatDidNotBegin() throws IOException {
        // given
        Files.createDirectories(home.resolve("base"));
        Path job = Files.writeString(home.resolve("job.yaml"), "name: x\ntrainer: strict\nbase: ./base\n");

        // when
        var run = CliRun.of(home, "quote", job.toString(), "--hub", "http://127.0.0.1:1");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldColourErrorsOnlyWhereErrorsAreShown() {
        // given
        var terminal = new PaperTerminal(true) {
            @Override
            public boolean colour() {
                return true;
            }

            @Override
            public boolean errorColour() {
                return false;
            }
        };

        // when
        PerigeeCli.run(
                terminal,
                Map.of("PERIGEE_HOME", home.toString()),
                InstantSource.system(),
                "hub",
                "--hub",
                "http://127.0.0.1:1");

        // then
        assertThat(terminal.errors()).contains("UNAVAILABLE").doesNotContain("\u001B");
    }

    @Test
    void shouldGuessMistypedCommands() {
        var run = CliRun.of(home, "sumbit");
        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("submit").contains("perigee --help");
    }

    @Test
    void shouldSayWhatIsMissing() {
        var run = CliRun.of(home, "deposit");
        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("TOKENS").contains("perigee deposit --help");
    }

    @Test
    void shouldSayThatNoHubIsThere() {
        var run = CliRun.of(home, "hub", "--hub", "http://127.0.0.1:1");
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err())
                .contains("UNAVAILABLE")
                .contains("http://127.0.0.1:1")
                .contains("hint");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void shouldWriteErrorsAsJsonForPrograms() {
        // when
        var run = CliRun.of(home, "hub", "--hub", "http://127.0.0.1:1", "--json");

        // then
        var error = Json.read(run.err(), JsonNode.class);
        assertThat(error.path("code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(error.path("exitCode").asInt()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(error.path("hint").asText()).isNotEmpty();
    }

    @Test
    void shouldTakeTheHubFromFlagThenEnvironmentThenFile() throws IOException {
        // given
        Files.writeString(home.resolve("config.yaml"), "hub: http://127.0.0.1:2\n");
        var environment = Map.of("PERIGEE_HUB", "http://127.0.0.1:3");

        // when / then
        assertThat(CliRun.of(home, "hub").err()).contains("http://127.0.0.1:2");
        assertThat(CliRun.of(home, environment, "hub").err()).contains("http://127.0.0.1:3");
        assertThat(CliRun.of(home, environment, "hub", "--hub", "http://127.0.0.1:4")
                        .err())
                .contains("http://127.0.0.1:4");
    }

    @Test
    void shouldRefuseUnknownKeysInItsConfiguration() throws IOException {
        Files.writeString(home.resolve("config.yaml"), "hubb: http://127.0.0.1:2\n");
        var run = CliRun.of(home, "hub");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("'hubb' is unknown");
    }

    @Test
    void shouldPrintACompletionScript() {
        assertThat(CliRun.of(home, "completion").out()).startsWith("#!").contains("complete -F");
    }

    /** The commands that an example's lines go through; a line that the program does not take fails. */
    private static List<Class<?>> called(String example) {
        var called = new ArrayList<Class<?>>();
        for (var line : example.split(" {8}| && ")) {
            int at = line.indexOf("perigee ");
            if (at >= 0) {
                var words = WORD.matcher(
                                line.substring(at + "perigee ".length()).replaceAll(" > .*", ""))
                        .results()
                        .map(word -> word.group().replace("\"", ""))
                        .toArray(String[]::new);
                line().parseArgs(words)
                        .asCommandLineList()
                        .forEach(each ->
                                called.add(each.getCommandSpec().userObject().getClass()));
            }
        }
        return called;
    }

    /** Of every level, as {@code court accuse}. */
    static List<String> commands() {
        return commands("", line()).toList();
    }

    private static Stream<String> commands(String before, CommandLine line) {
        return line.getSubcommands().entrySet().stream()
                .flatMap(entry -> Stream.concat(
                        Stream.of(before + entry.getKey()), commands(before + entry.getKey() + " ", entry.getValue())));
    }

    private static CommandSpec spec(CommandLine line, String command) {
        var found = line;
        for (var word : command.split(" ")) {
            found = Objects.requireNonNull(found.getSubcommands().get(word));
        }
        return found.getCommandSpec();
    }

    private static CommandLine line() {
        var session =
                new Session(new PaperTerminal(), Map.of(), InstantSource.system(), new SecureRandom(), new Options());
        return PerigeeCli.commandLine(new PerigeeCli(), session);
    }
}
