package io.perigee.agent.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.testkit.image.JobImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarFile;

/** A job image with another config, which names it. */
public final class AlteredImage {
    private AlteredImage() {}

    /** @param change of how it is run: entry point, environment */
    public static JobImage of(String behaviour, Consumer<ObjectNode> change) throws IOException {
        var json = new ObjectMapper();
        var made = JobImage.of(behaviour);
        try (var archive = new TarFile(made.archive())) {
            var root = (ObjectNode) json.readTree(read(archive, made.image().hex() + ".json"));
            change.accept((ObjectNode) root.get("config"));
            var config = json.writeValueAsBytes(root);
            var out = new ByteArrayOutputStream();
            try (var tar = new TarArchiveOutputStream(out)) {
                put(tar, "c.json", config);
                put(tar, "layer.tar", read(archive, "layer.tar"));
                put(
                        tar,
                        "manifest.json",
                        json.writeValueAsBytes(List.of(Map.of("Config", "c.json", "Layers", List.of("layer.tar")))));
            }
            return new JobImage(out.toByteArray(), Sha256.of(config));
        }
    }

    private static byte[] read(TarFile archive, String name) throws IOException {
        for (var entry : archive.getEntries()) {
            if (entry.getName().equals(name)) {
                return archive.getInputStream(entry).readAllBytes();
            }
        }
        throw new IOException("Expected '" + name + "' in the archive, but it is not");
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
