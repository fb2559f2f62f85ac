package io.perigee.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final ContentId EMPTY = Sha256.of(new byte[0]);

    @TempDir
    Path directory;

    @Test
    void shouldDescribeADirectoryByContent() throws IOException {
        // given
        Files.createDirectories(directory.resolve("sub/empty"));
        Files.writeString(directory.resolve("sub/b.txt"), "abc");
        Files.writeString(directory.resolve("a.txt"), "");

        // when
        var manifest = Manifest.ofDirectory(directory);

        // then
        assertThat(new String(manifest.bytes(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "[{\"path\":\"a.txt\",\"sha256\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"size\":0},"
                                + "{\"path\":\"sub/b.txt\",\"sha256\":\"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\"size\":3}]");
        assertThat(manifest.digest()).isEqualTo(Sha256.of(manifest.bytes()));
        assertThat(Manifest.ofBytes(manifest.bytes())).isEqualTo(manifest);
        assertThat(manifest.totalSize()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "a/..",
                "a/.",
                "a/b\u007f",
                "/etc/passwd",
                "..",
                "../x",
                "a/../b",
                "a/./b",
                ".",
                "a//b",
                "a/",
                "a\\b",
                "..\\x",
                "C:/x",
                "a\u0000b",
                "a\nb"
            })
    void shouldRefusePathsThatLeaveTheDirectory(String path) {
        assertThatThrownBy(() -> new FileEntry(path, 0, EMPTY)).isInstanceOf(InvalidValue.class);
        var json = Json.mapper().createArrayNode();
        json.addObject().put("path", path).put("size", 0).put("sha256", EMPTY.value());
        assertThatThrownBy(() -> Json.read(json, Manifest.class)).isInstanceOf(InvalidValue.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "..a",
                "a..",
                "...",
                "a b",
                "é/ü.txt",
                "model.safetensors",
                "ab:c",
                "1:c",
                "a/.b",
                "a/..b/c.."
            })
    void shouldTakePlainPaths(String path) {
        assertThat(new FileEntry(path, 0, EMPTY).path()).isEqualTo(path);
    }

    @Test
    void shouldRefuseNamesThatNoFileSystemTakes() {
        // given: characters of two bytes each
        var longest = "é".repeat(127) + "x";
        var name = longest + "x";

        // when
        var taken = new FileEntry("d/" + longest, 0, EMPTY);

        // then
        assertThat(taken.path()).hasSize(130);
        assertThatThrownBy(() -> new FileEntry("d/" + name, 0, EMPTY))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("more than 255 bytes");
    }

    @Test
    void shouldRefuseMoreLevelsThanAnyModelHas() {
        // given
        var deepest = "d/".repeat(15) + "f";

        // when
        var taken = new FileEntry(deepest, 0, EMPTY);

        // then
        assertThat(taken.path()).isEqualTo(deepest);
        assertThatThrownBy(() -> new FileEntry("d/" + deepest, 0, EMPTY))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("more than 16 parts");
    }

    @Test
    void shouldRefuseTooManyDirectories() {
        // given
        var entries = IntStream.range(0, Manifest.MAX_DIRECTORIES / 2)
                .mapToObj(i -> new FileEntry("a%d/b/f".formatted(i), 0, EMPTY))
                .toList();
        var more = Stream.concat(entries.stream(), Stream.of(new FileEntry("c/f", 0, EMPTY)))
                .toList();

        // when
        var taken = new Manifest(entries);

        // then
        assertThat(taken.files()).hasSize(5_000);
        assertThatThrownBy(() -> new Manifest(more))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("at most 10000 directories");
    }

    @Test
    void shouldRefuseAFileThatIsAlsoADirectory() {
        var entries = List.of(new FileEntry("a", 0, EMPTY), new FileEntry("a/b", 0, EMPTY));
        assertThatThrownBy(() -> new Manifest(entries)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldRefuseAFileThatIsAlsoADirectoryWhateverSortsBetween() {
        var entries = List.of(
                new FileEntry("a", 0, EMPTY),
                new FileEntry("a!", 0, EMPTY),
                new FileEntry("a-b", 0, EMPTY),
                new FileEntry("a/b/c", 0, EMPTY));
        assertThatThrownBy(() -> new Manifest(entries))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("a/b/c");
    }

    @Test
    void shouldTakeFilesWhoseNamesBeginLikeADirectory() {
        // given
        var entries = IntStream.range(0, 40)
                .mapToObj(i -> new FileEntry(i % 2 == 0 ? "a/b/" + i : "a/b" + i, i, EMPTY))
                .toList();

        // when
        var manifest = new Manifest(entries);

        // then
        assertThat(manifest.bytes()).isEqualTo(CanonicalJson.bytes(manifest));
        assertThat(Manifest.ofBytes(manifest.bytes())).isEqualTo(manifest);
        assertThat(new Manifest(List.of()).bytes()).isEqualTo(CanonicalJson.bytes(List.of()));
    }

    /** Of the deepest paths there may be, each has 255 directories. */
    @Test
    void shouldReadTheLargestManifestWithAFewTimesItsBytes() {
        // given
        var directory = ("d".repeat(32) + "/").repeat(FileEntry.MAX_PARTS - 1);
        var bytes = new Manifest(IntStream.range(0, Manifest.MAX_FILES)
                        .mapToObj(i -> new FileEntry(directory + i, 0, EMPTY))
                        .toList())
                .bytes();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

        // when
        long before = threads.getCurrentThreadAllocatedBytes();
        var manifest = Manifest.ofBytes(bytes);

        // then
        assertThat(manifest.files()).hasSize(Manifest.MAX_FILES);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20L * bytes.length);
    }

    @Test
    void shouldRefuseOnePathTwice() {
        var entries = List.of(new FileEntry("a", 0, EMPTY), new FileEntry("a", 1, EMPTY));
        assertThatThrownBy(() -> new Manifest(entries)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldRefuseTooManyFiles() {
        var entries = IntStream.rangeClosed(0, Manifest.MAX_FILES)
                .mapToObj(i -> new FileEntry("f" + i, 0, EMPTY))
                .toList();
        assertThatThrownBy(() -> new Manifest(entries))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("10000");
    }

    @Test
    void shouldRefuseNegativeSizes() {
        assertThatThrownBy(() -> new FileEntry("a", -1, EMPTY)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldRefuseSymbolicLinks() throws IOException {
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("target"));
        assertThatThrownBy(() -> Manifest.ofDirectory(directory)).isInstanceOf(InvalidValue.class);
    }

    @Test
    void shouldInsistOnTheCanonicalSpelling() {
        // given
        var canonical = new String(new Manifest(List.of(new FileEntry("a", 0, EMPTY))).bytes(), StandardCharsets.UTF_8);

        // when
        var spaced = canonical.replace(",", ", ").getBytes(StandardCharsets.UTF_8);

        // then
        assertThatThrownBy(() -> Manifest.ofBytes(spaced))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("canonical");
    }
}
