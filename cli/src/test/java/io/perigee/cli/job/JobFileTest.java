package io.perigee.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.perigee.cli.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobFileTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadTheQuickstart() {
        // when
        var job = JobFile.read(Path.of("../examples/quickstart/job.yaml"));

        // then
        assertThat(job.path("trainer").asText()).isEqualTo("strict");
        assertThat(job.path("price").path("max").isTextual()).isTrue();
        assertThat(job.path("train").path("lr").isTextual()).isTrue();
        assertThat(job.path("train").path("steps").asInt()).isLessThanOrEqualTo(80);
    }

    @Test
    void shouldReadTheJobFileOfTheProtocolsPageAsTheJsonBesideIt() throws IOException {
        // given
        var page = Files.readString(Path.of("../docs/protocol.md"));
        var yaml = page.split("```yaml\n")[1].split("```")[0];
        var json = page.split("generated: job json -->\n\n```json\n")[1].split("```")[0];

        // when
        var job = JobFile.read(Files.writeString(directory.resolve("job.yaml"), yaml));

        // then
        assertThat(job).isEqualTo(new ObjectMapper().readTree(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "- a\n", "text", "a: [", "a: 1\na: 2\n", "\u0000"})
    void shouldRefuseWhatIsNoJob(String text) throws IOException {
        var file = Files.writeString(directory.resolve("job.yaml"), text);
        assertThatThrownBy(() -> JobFile.read(file)).isInstanceOf(Refusal.class).hasMessageContaining("job.yaml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: a;train: {steps: 8;|line 3, column 1 is no YAML: expected ',' or '}'",
                "name: a;\tbase: b;|line 2, column 1 is no YAML: found character '\\t(TAB)' that cannot start any token",
                "name: a;name: b;|line 2, column 5 is no YAML: Duplicate field 'name'",
                "name: 'a;|line 2, column 1 is no YAML: found unexpected end of stream",
            })
    void shouldNameThePlaceOfWhatIsNoYaml(String text, String place) throws IOException {
        var file = Files.writeString(directory.resolve("job.yaml"), text.replace(';', '\n'));
        assertThatThrownBy(() -> JobFile.read(file))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("Expected to read a job from")
                .hasMessageContaining(place)
                .message()
                .doesNotContain("com.fasterxml", "org.yaml", "[Source");
    }

    @Test
    void shouldRefuseAFileThatIsNoText() throws IOException {
        var file = Files.write(directory.resolve("job.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(() -> JobFile.read(file)).isInstanceOf(Refusal.class).hasMessageContaining("as text");
    }

    @Test
    void shouldRefuseAFileTooLargeForAJob() throws IOException {
        var file = Files.write(directory.resolve("job.yaml"), new byte[2 << 20]);
        assertThatThrownBy(() -> JobFile.read(file)).isInstanceOf(Refusal.class).hasMessageContaining("larger");
    }

    @Test
    void shouldSayThatAFileIsNotThere() {
        assertThatThrownBy(() -> JobFile.read(directory.resolve("none.yaml")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blobs/sha256/%s", "%s.json"})
    void shouldFindTheImageInAnArchive(String form) throws IOException {
        // given
        var digest = "a".repeat(64);
        var file = archive("[{\"Config\":\"%s\",\"Layers\":[]}]".formatted(form.formatted(digest)));

        // when
        var found = DockerArchive.configDigest(file);

        // then
        assertThat(found.hex()).isEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "[{\"Config\":\"x\"}]", "[{},{}]", "nonsense"})
    void shouldRefuseArchivesThatHoldNoOneImage(String manifest) throws IOException {
        var file = archive(manifest);
        assertThatThrownBy(() -> DockerArchive.configDigest(file))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("image.tar");
    }

    @Test
    void shouldRefuseWhatIsNoArchive() throws IOException {
        var file = Files.writeString(directory.resolve("image.tar"), "x".repeat(2000));
        assertThatThrownBy(() -> DockerArchive.configDigest(file)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> DockerArchive.configDigest(directory.resolve("none")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("does not exist");
    }

    private Path archive(String manifest) throws IOException {
        var out = new ByteArrayOutputStream();
        entry(out, "layer/layer.tar", new byte[700]);
        entry(out, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[1024]);
        return Files.write(directory.resolve("image.tar"), out.toByteArray());
    }

    private static void entry(ByteArrayOutputStream out, String name, byte[] content) {
        var header = new byte[512];
        System.arraycopy(name.getBytes(StandardCharsets.UTF_8), 0, header, 0, name.length());
        var size = "%011o".formatted(content.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[(512 - content.length % 512) % 512]);
    }
}
