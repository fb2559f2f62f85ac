package io.perigee.testkit.image;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Job images of a few megabytes, made without a registry from this machine's own shell and tools. All behaviours share
 * one layer; the behaviour is in the entry point, so each has a config digest of its own.
 *
 * @param archive a docker-archive
 * @param image its config digest
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record JobImage(byte[] archive, ContentId image) {
    private static final List<String> TOOLS = List.of(
            "bash", "sh", "cat", "mkdir", "mv", "ls", "ln", "sleep", "tail", "head", "touch", "id", "grep", "mkfifo",
            "dd");
    private static final Pattern LIBRARY = Pattern.compile("(/[^ ]+\\.so[^ ]*)");
    private static final Map<String, JobImage> MADE = new TreeMap<>();
    private static byte[] layer = {};

    /** The image whose job does what {@code job.sh} has under this name. */
    public static synchronized JobImage of(String behaviour) {
        return MADE.computeIfAbsent(behaviour, JobImage::make);
    }

    public ContentId archiveId() {
        return Sha256.of(archive);
    }

    private static JobImage make(String behaviour) {
        try {
            if (layer.length == 0) {
                layer = layer();
            }
            var config = Json.bytes(Map.of(
                    "architecture",
                    System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64",
                    "os",
                    "linux",
                    "config",
                    Map.of(
                            "Entrypoint", List.of("/bin/bash", "/job.sh", behaviour),
                            "Env", List.of("PATH=/bin"),
                            "Volumes", behaviour.equals("volume") ? Map.of("/data", Map.of()) : Map.of()),
                    "rootfs",
                    Map.of(
                            "type",
                            "layers",
                            "diff_ids",
                            List.of(Sha256.of(layer).value()))));
            var image = Sha256.of(config);
            var manifest = Json.bytes(List.of(Map.of(
                    "Config", image.hex() + ".json",
                    "RepoTags", List.of("debian:stolen"),
                    "Layers", List.of("layer.tar"))));
            var out = new ByteArrayOutputStream();
            try (var tar = new TarArchiveOutputStream(out)) {
                entry(tar, image.hex() + ".json", config, 0644);
                entry(tar, "layer.tar", layer, 0644);
                entry(tar, "manifest.json", manifest, 0644);
            }
            return new JobImage(out.toByteArray(), image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] layer() throws IOException {
        var files = new TreeMap<String, byte[]>();
        for (var tool : TOOLS) {
            var path = Path.of("/bin", tool).toRealPath();
            files.put("bin/" + tool, Files.readAllBytes(path));
            for (var library : libraries(path)) {
                files.put(library.substring(1), Files.readAllBytes(Path.of(library)));
            }
        }
        try (InputStream script = Objects.requireNonNull(JobImage.class.getResourceAsStream("job.sh"))) {
            files.put("job.sh", script.readAllBytes());
        }
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out)) {
            for (var directory : List.of("bin/", "perigee/", "tmp/", "etc/")) {
                var entry = new TarArchiveEntry(directory);
                entry.setMode(0755);
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            for (var file : files.entrySet()) {
                entry(tar, file.getKey(), file.getValue(), 0755);
            }
        }
        return out.toByteArray();
    }

    private static Set<String> libraries(Path binary) throws IOException {
        var found = new LinkedHashSet<String>();
        var process = new ProcessBuilder("ldd", binary.toString())
                .redirectErrorStream(true)
                .start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var matcher = LIBRARY.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static void entry(TarArchiveOutputStream tar, String name, byte[] content, int mode) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
