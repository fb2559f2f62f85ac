package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.testkit.sample.SampleJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
    @TempDir
    Path directory;

    private Path result;

    @BeforeEach
    void fetched() throws IOException {
        result = Files.createDirectories(directory.resolve("result"));
        var outputs = Files.createDirectories(result.resolve("outputs"));
        Files.writeString(outputs.resolve("adapter_config.json"), "{}");
        Files.write(
                result.resolve("bundle.json"),
                Json.bytes(SampleBundle.of(
                        SampleJobs.strict(2),
                        Manifest.ofDirectory(outputs).digest().digest())));
    }

    @Test
    void shouldHoldForAnHonestResult() {
        // when
        var run = CliRun.of(directory, "verify", result.toString());

        // then
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("the proof holds")
                .contains("attempt 0")
                .contains("the outputs are what the winners sealed")
                .doesNotContain("✘");
        assertThat(run.exit()).isZero();
    }

    @Test
    void shouldNoticeAChangedFile() throws IOException {
        // given
        Files.writeString(result.resolve("outputs/adapter_config.json"), "{\"r\":9}");

        // when
        var run = CliRun.of(directory, "verify", result.toString());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.PROOF_WRONG);
        assertThat(run.out()).contains("✘ the outputs are what the winners sealed");
    }

    @Test
    void shouldNoticeAChangedProof() throws IOException {
        // given
        var file = result.resolve("bundle.json");
        Files.writeString(file, Files.readString(file).replace("\"maxPayment\":\"2500\"", "\"maxPayment\":\"2501\""));

        // when
        var run = CliRun.of(directory, "verify", result.toString(), "--json");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.PROOF_WRONG);
        assertThat(Json.read(run.out(), JsonNode.class).path("holds").asBoolean())
                .isFalse();
    }

    @Test
    void shouldSayThatNothingIsThere() {
        var run = CliRun.of(directory, "verify", directory.resolve("none").toString());
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("perigee fetch");
    }
}
