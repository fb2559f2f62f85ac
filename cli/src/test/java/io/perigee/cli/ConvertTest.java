package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.perigee.protocol.codec.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertTest {
    @TempDir
    Path directory;

    @Test
    void shouldWriteTheJobAloneToStandardOutput() throws IOException {
        // given
        var file = file("axolotl-qlora.yml");

        // when
        var run = CliRun.of(directory, "convert", file.toString(), "--price", "3", "--name", "my-job");

        // then
        var job = new YAMLMapper().readTree(run.out());
        assertThat(run.exit()).isZero();
        assertThat(job.path("name").asText()).isEqualTo("my-job");
        assertThat(job.path("train").path("lr").isTextual()).isTrue();
        assertThat(job.path("train").path("packing").isBoolean()).isTrue();
        assertThat(job.path("price").path("max").asText()).isEqualTo("3");
        assertThat(run.err()).contains("left out", "because", "liger_rope", "sequence_len");
    }

    @Test
    void shouldGiveProgramsOneDocument() throws IOException {
        // given
        var file = file("llamafactory-qlora-dpo.yaml");

        // when
        var run = CliRun.of(directory, "convert", file.toString(), "--json");

        // then
        var document = Json.read(run.out(), JsonNode.class);
        assertThat(document.path("tool").asText()).isEqualTo("LLaMA-Factory");
        assertThat(document.path("job").path("train").path("steps").asInt()).isEqualTo(120);
        assertThat(document.path("mapped").get(0).has("becomes")).isTrue();
        assertThat(document.path("dropped"))
                .anyMatch(key -> key.path("key").asText().equals("template"));
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldEndWith65WhenItWouldBeAnotherTraining() throws IOException {
        // given
        var file = file("axolotl-another.yml");

        // when
        var run = CliRun.of(directory, "convert", file.toString(), "--rows", "80");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.NOT_THE_SAME).isEqualTo(65);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("NOT_THE_SAME", "neftune_noise_alpha", "noise is added while training", "--accept");
    }

    @Test
    void shouldNameTheKeysToPrograms() throws IOException {
        // given
        var file = file("axolotl-another.yml");

        // when
        var run = CliRun.of(directory, "convert", file.toString(), "--rows", "80", "--json");

        // then
        var error = Json.read(run.err(), JsonNode.class);
        assertThat(error.path("code").asText()).isEqualTo("NOT_THE_SAME");
        assertThat(error.path("exitCode").asInt()).isEqualTo(65);
        assertThat(error.path("violations").findValuesAsText("path")).contains("relora", "optimizer");
    }

    @Test
    void shouldSendAJobFileAway() throws IOException {
        var file = Files.writeString(directory.resolve("job.yaml"), "name: x\ntrainer: strict\n");
        var run = CliRun.of(directory, "convert", file.toString());
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("base_model (Axolotl) or model_name_or_path (LLaMA-Factory)");
    }

    @Test
    void shouldShowTheMappingBeforeItSubmits() throws IOException {
        // given
        var file = file("axolotl-qlora.yml");

        // when
        var run = CliRun.of(directory, "submit", file.toString(), "--hub", "http://127.0.0.1:1");

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("Axolotl", "lora_r", "method.r", "left out");
        assertThat(run.err()).contains("--price TOKENS");
    }

    @Test
    void shouldRefuseOptionsThatAJobFileWouldNotHear() throws IOException {
        var file = Files.writeString(directory.resolve("job.yaml"), "name: x\ntrainer: strict\n");
        var run = CliRun.of(directory, "quote", file.toString(), "--price", "3", "--hub", "http://127.0.0.1:1");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("is a job file");
    }

    private Path file(String resource) throws IOException {
        try (var in = Objects.requireNonNull(ConvertTest.class.getResourceAsStream("/convert/" + resource))) {
            return Files.writeString(
                    directory.resolve(resource), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
