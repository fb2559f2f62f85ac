package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.trainers.strict.Main;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real fine-tune by the strict trainer, tried with the strict trainer. */
class TryTest {
    private static final Path BASE = Path.of("../examples/quickstart/base");
    private static final String PROMPT = "ABASEMENT, n.";

    @TempDir
    static Path trained;

    @TempDir
    Path directory;

    private Path result = Path.of("");

    @BeforeAll
    static void train() throws Exception {
        for (var part : List.of("inputs", "checkpoints", "outputs")) {
            Files.createDirectories(trained.resolve(part));
        }
        Files.createSymbolicLink(trained.resolve("inputs/base"), BASE.toRealPath());
        Files.createSymbolicLink(
                trained.resolve("inputs/dataset"),
                Path.of("../examples/quickstart/dataset").toRealPath());
        var job = Files.readString(Path.of("../trainers/strict/src/test/resources/quickstart-job.json"))
                .replace("\"steps\":64", "\"steps\":12")
                .replace("\"stepsPerSegment\":8", "\"stepsPerSegment\":12");
        Files.writeString(trained.resolve("job.json"), job);
        var process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                strict(),
                "io.perigee.trainers.strict.Main");
        process.environment().put("PERIGEE_ROOT", trained.toString());
        var run = process.redirectErrorStream(true)
                .redirectOutput(trained.resolve("log").toFile())
                .start();
        assertThat(run.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).as(Files.readString(trained.resolve("log"))).isZero();
    }

    @BeforeEach
    void fetched() throws IOException {
        result = Files.createDirectories(directory.resolve("result"));
        var outputs = Files.createDirectories(result.resolve("outputs"));
        for (var name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(trained.resolve("outputs").resolve(name), outputs.resolve(name));
        }
        Files.write(
                result.resolve("bundle.json"),
                Json.bytes(SampleBundle.of(
                        spec(Manifest.ofDirectory(BASE).digest().value()),
                        Manifest.ofDirectory(outputs).digest().digest())));
    }

    @Test
    void shouldShowBothAnswersOneAboveTheOther() throws Exception {
        // when
        var run = CliRun.of(
                directory,
                Map.of("PERIGEE_STRICT", strict()),
                "try",
                result.toString(),
                PROMPT,
                "--base",
                BASE.toString());

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).containsSubsequence("  base\n", "  base + adapter\n");
    }

    @Test
    void shouldGiveProgramsBothAnswers() throws Exception {
        // given
        var words =
                new String[] {"try", result.toString(), PROMPT, "--base", BASE.toString(), "--tokens", "24", "--json"};

        // when
        var answers = Json.read(
                CliRun.of(directory, Map.of("PERIGEE_STRICT", strict()), words).out(), JsonNode.class);

        // then
        assertThat(answers.path("prompt").asText()).isEqualTo(PROMPT);
        assertThat(answers.path("base").asText()).isNotBlank();
        assertThat(answers.path("adapted").asText())
                .isNotBlank()
                .isNotEqualTo(answers.path("base").asText());
        assertThat(CliRun.of(directory, Map.of("PERIGEE_STRICT", strict()), words)
                        .out())
                .contains(Json.text(answers.path("adapted")));
    }

    @Test
    void shouldRefuseAnotherBase() throws Exception {
        // given
        var other = Files.createDirectories(directory.resolve("other"));
        Files.writeString(other.resolve("config.json"), "{}");

        // when
        var run = CliRun.of(
                directory,
                Map.of("PERIGEE_STRICT", strict()),
                "try",
                result.toString(),
                PROMPT,
                "--base",
                other.toString());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("DIGEST_MISMATCH", "but other files are there");
    }

    @Test
    void shouldRefuseAnAdapterThatIsNotTheProvenOne() throws Exception {
        // given
        Files.writeString(result.resolve("outputs/adapter_config.json"), "{}");

        // when
        var run = CliRun.of(
                directory,
                Map.of("PERIGEE_STRICT", strict()),
                "try",
                result.toString(),
                PROMPT,
                "--base",
                BASE.toString());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("DIGEST_MISMATCH", "perigee verify");
    }

    @Test
    void shouldPassOnTheTrainersOwnWords() throws Exception {
        // given
        var prompt = "word ".repeat(400);

        // when
        var run = CliRun.of(
                directory,
                Map.of("PERIGEE_STRICT", strict()),
                "try",
                result.toString(),
                prompt,
                "--base",
                BASE.toString());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("ended with 64", "Expected a prompt of 1 to 127 tokens");
    }

    @Test
    void shouldSayThatAnEngineIsMissing() {
        var run = CliRun.of(directory, "try", result.toString(), PROMPT, "--base", BASE.toString());
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("neither docker nor podman");
    }

    @Test
    void shouldShutTheImageInAsProvidersDo() throws IOException {
        // given
        var engine = directory.resolve("engine");
        Files.writeString(engine, """
                #!/bin/sh
                [ "$1" = run ] || exit 0
                echo "$@" > %1$s/asked
                cat > %1$s/prompt
                echo '{"adapted":"new\\u001b[31m words","base":"old words"}'
                """.formatted(directory));
        Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwx------"));

        // when
        var run = CliRun.of(
                directory,
                Map.of("PERIGEE_ENGINE", engine.toString()),
                "try",
                result.toString(),
                PROMPT,
                "--base",
                BASE.toString(),
                "--chat");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("old words", "new\uFFFD[31m words");
        assertThat(directory.resolve("asked"))
                .content()
                .contains(
                        "--network=none",
                        "--read-only",
                        "--cap-drop=ALL",
                        "--user=65534:65534",
                        ":ro",
                        "generate 64 chat");
        assertThat(directory.resolve("prompt")).hasContent(PROMPT);
    }

    @Test
    void shouldSayThatNobodyCannotReadTheBase() throws IOException {
        // given
        var base = Files.createDirectories(directory.resolve("base"));
        for (var file : Files.list(BASE).toList()) {
            Files.copy(file, base.resolve(file.getFileName().toString()));
        }
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx------"));

        // when
        var run = CliRun.of(
                directory,
                Map.of("PERIGEE_ENGINE", "/bin/false"),
                "try",
                result.toString(),
                PROMPT,
                "--base",
                base.toString());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("but not everybody is", "chmod -R a+rX " + base);
    }

    private static JobSpec spec(String base) {
        var spec = (ObjectNode) Json.tree(SampleJobs.strict(2));
        spec.put("base", base);
        return Json.read((JsonNode) spec, JobSpec.class);
    }

    /** The trainer and the one library it needs. */
    private static String strict() throws URISyntaxException {
        return place(Main.class) + File.pathSeparator + place(JsonFactory.class);
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
