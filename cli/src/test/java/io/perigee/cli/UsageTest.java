package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    @TempDir
    Path home;

    @Test
    void shouldShowEveryCommandWhenCalledWithNothing() {
        // when
        var run = CliRun.of(home);

        // then
        assertThat(run.exit()).isZero();
        for (var command : List.of(
                "wallet",
                "hub",
                "faucet",
                "deposit",
                "balance",
                "withdraw",
                "stake",
                "unstake",
                "claim",
                "settle-direct",
                "settlement",
                "court",
                "artifact",
                "convert",
                "quote",
                "submit",
                "watch",
                "jobs",
                "job",
                "explain",
                "timeline",
                "cancel",
                "fetch",
                "verify",
                "try",
                "provider",
                "completion")) {
            assertThat(run.out()).containsPattern("(?m)^  " + command + " ");
        }
        assertThat(run.out()).contains("Exit codes", "--json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wallet",
                "wallet create",
                "hub",
                "faucet",
                "deposit",
                "balance",
                "withdraw",
                "stake",
                "unstake",
                "claim",
                "settle-direct",
                "settlement",
                "settlement verify",
                "settlement watch",
                "settlement settle",
                "settlement carry",
                "settlement close",
                "court",
                "court accuse",
                "court cases",
                "court show",
                "court draw",
                "court judge",
                "court watch",
                "court replace",
                "court close",
                "court enlist",
                "court tickets",
                "court delist",
                "court withdraw",
                "court prove",
                "artifact upload",
                "artifact download",
                "convert",
                "quote",
                "submit",
                "watch",
                "jobs",
                "job",
                "explain",
                "timeline",
                "cancel",
                "fetch",
                "verify",
                "try",
                "provider",
                "provider create",
                "provider enroll",
                "provider list",
                "provider why",
                "provider stake",
                "provider unstake",
                "record",
                "classes",
                "completion"
            })
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
    @ValueSource(
            strings = {
                "withdraw",
                "unstake",
                "claim",
                "settle-direct",
                "settlement verify",
                "settlement watch",
                "settlement settle",
                "settlement carry",
                "settlement close",
                "court accuse",
                "court draw",
                "court judge",
                "court watch",
                "court replace",
                "court close",
                "court enlist",
                "court delist",
                "court withdraw",
                "court prove"
            })
    void shouldGiveAnExampleOfEveryWayOut(String command) {
        var run = CliRun.of(home, (command + " --help").split(" "));
        assertThat(run.out()).contains("Example: perigee ");
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
}
