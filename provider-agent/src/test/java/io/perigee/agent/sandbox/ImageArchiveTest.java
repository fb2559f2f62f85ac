package io.perigee.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.sandbox.ImageArchive.BadArchive;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageArchiveTest {
    private static final byte[] CONFIG = "{\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8);
    private static final ContentId IMAGE = Sha256.of(CONFIG);

    @TempDir
    private Path directory;

    @FunctionalInterface
    private interface Filling {
        void fill(TarArchiveOutputStream tar) throws IOException;
    }

    private Path archive(Filling filling) throws IOException {
        var file = Files.createTempFile(directory, "image", ".tar");
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            filling.fill(tar);
        }
        return file;
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static byte[] manifest(String config, String... layers) {
        return Json.bytes(List.of(
                Map.of("Config", "other.json", "RepoTags", List.of("other:1"), "Layers", List.of()),
                Map.of("Config", config, "RepoTags", List.of("debian:12"), "Layers", List.of(layers))));
    }

    private byte[] clean(Path archive) throws IOException {
        var out = new ByteArrayOutputStream();
        new ImageArchive(archive, IMAGE).writeTo(out);
        return out.toByteArray();
    }

    private static Map<String, String> entries(byte[] tar) throws IOException {
        try (var file = new TarFile(tar)) {
            return file.getEntries().stream().collect(Collectors.toMap(TarArchiveEntry::getName, entry -> {
                try {
                    return new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
    }

    @Test
    void shouldPassOnOneImageWithoutTagsOrAnythingElse() throws IOException {
        // given
        var archive = archive(tar -> {
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", CONFIG);
            put(tar, "l1/layer.tar", "one".getBytes(StandardCharsets.UTF_8));
            var link = new TarArchiveEntry("l2/layer.tar", TarConstants.LF_SYMLINK);
            link.setLinkName("../l1/layer.tar");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            put(tar, "repositories", "{\"debian\":{\"12\":\"x\"}}".getBytes(StandardCharsets.UTF_8));
            put(tar, "index.json", "{}".getBytes(StandardCharsets.UTF_8));
            put(tar, "manifest.json", manifest("c.json", "l1/layer.tar", "l2/layer.tar"));
        });

        // when
        var clean = entries(clean(archive));

        // then
        assertThat(clean).containsOnlyKeys("manifest.json", "c.json", "l1/layer.tar", "l2/layer.tar");
        assertThat(clean.get("manifest.json"))
                .isEqualTo(
                        "[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":[\"l1/layer.tar\",\"l2/layer.tar\"]}]");
        assertThat(clean.get("l2/layer.tar")).isEqualTo("one");
    }

    @Test
    void shouldRefuseAnArchiveThatLacksTheImage() throws IOException {
        // given
        var other = archive(tar -> {
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", new byte[] {2});
            put(tar, "manifest.json", manifest("c.json"));
        });
        var layerless = archive(tar -> {
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", CONFIG);
            put(tar, "manifest.json", manifest("c.json", "missing.tar"));
        });
        var empty = archive(tar -> {});
        var noTar = Files.write(
                directory.resolve("text"), "this is no archive".repeat(100).getBytes(StandardCharsets.UTF_8));

        // when
        var refusals = List.of(other, layerless, empty, noTar).stream()
                .map(file -> assertThatThrownBy(
                        () -> new ImageArchive(file, IMAGE).writeTo(OutputStream.nullOutputStream())))
                .toList();

        // then
        refusals.get(0).isInstanceOf(BadArchive.class).hasMessageContaining("none of its 2 images");
        refusals.get(1).isInstanceOf(BadArchive.class).hasMessageContaining("missing.tar");
        refusals.get(2).isInstanceOf(BadArchive.class).hasMessageContaining("manifest.json");
        refusals.get(3).isInstanceOf(BadArchive.class);
    }

    @Test
    void shouldRefuseNamesThatLeadOutOfTheArchive() throws IOException {
        // given
        var archive = archive(tar -> {
            put(tar, "other.json", new byte[] {1});
            put(tar, "c.json", CONFIG);
            put(tar, "manifest.json", manifest("c.json", "../../etc/shadow"));
        });

        // when
        var refused = assertThatThrownBy(() -> clean(archive));

        // then
        refused.isInstanceOf(BadArchive.class).hasMessageContaining("plain entry name");
    }
}
