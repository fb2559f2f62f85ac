package io.perigee.trainers.strict.image;

import io.perigee.trainers.strict.json.JsonWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The archive that {@code docker load} and {@code podman load} read. */
final class DockerArchive {
    private static final String CREATED = "2026-01-01T00:00:00Z";

    private DockerArchive() {}

    /** Writes the archive around one layer and returns the image's id. */
    static String write(Path archive, Path layer, List<String> entrypoint) throws IOException {
        String diffId = Digests.of(layer);
        byte[] config = config(diffId, entrypoint).getBytes(StandardCharsets.UTF_8);
        String id = Digests.hex(Digests.sha256().digest(config));
        Map<String, @Nullable Object> manifest = new HashMap<>();
        manifest.put("Config", id + ".json");
        manifest.put("Layers", List.of(diffId + "/layer.tar"));
        manifest.put("RepoTags", null);
        byte[] index = JsonWriter.write(Arrays.asList(manifest)).getBytes(StandardCharsets.UTF_8);
        try (TarWriter tar = new TarWriter(new BufferedOutputStream(Files.newOutputStream(archive), 1 << 18))) {
            tar.file(id + ".json", 0644, 0, config);
            tar.directory(diffId, 0755, 0);
            tar.file(diffId + "/layer.tar", 0644, 0, layer);
            tar.file("manifest.json", 0644, 0, index);
        }
        return "sha256:" + id;
    }

    private static String config(String diffId, List<String> entrypoint) {
        return JsonWriter.write(Map.of(
                "architecture", architecture(),
                "os", "linux",
                "created", CREATED,
                "config",
                        Map.of(
                                "User",
                                Layer.USER + ":" + Layer.USER,
                                "WorkingDir",
                                "/",
                                "Env",
                                List.of("PATH=/opt/java/bin"),
                                "Entrypoint",
                                entrypoint,
                                "Labels",
                                Map.of(
                                        "org.opencontainers.image.licenses",
                                        "Apache-2.0",
                                        "org.opencontainers.image.title",
                                        "perigee-trainer-strict")),
                "history",
                        List.of(Map.of("created", CREATED, "created_by", "io.perigee.trainers.strict.image.ImageMain")),
                "rootfs", Map.of("type", "layers", "diff_ids", List.of("sha256:" + diffId))));
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }
}
