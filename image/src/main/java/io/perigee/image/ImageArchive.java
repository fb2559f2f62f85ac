package io.perigee.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.spec.SpecLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.jspecify.annotations.Nullable;

/**
 * A stranger's docker-archive, made harmless before an engine sees it.
 *
 * <p>An archive may name tags, and loading it would then move the provider's own {@code debian:12} to the stranger's
 * image; it may also hold more images than the one that was asked for. So only the entries of the one image whose
 * config has the expected digest are passed on, under a manifest without tags; and only when what an engine would unpack
 * of it is no more than the owner allows.
 */
public final class ImageArchive {
    private static final int MOST_ENTRIES = 2_000;
    private static final long MOST_METADATA = 4L << 20;
    /** An archive of headers alone would fill the memory. */
    private static final long MOST_HEADERS = 8L << 20;
    /** More than an engine mounts on one another. */
    private static final int MOST_LAYERS = 500;
    /** The config of each is hashed. */
    private static final int MOST_IMAGES = 64;

    private final Path file;
    private final ContentId image;
    private final long mostHere;
    private final long mostUnpacked;

    /** @param mostHere bytes that its layers may come to, unpacked, on this machine */
    public ImageArchive(Path file, ContentId image, long mostHere) {
        this(file, image, mostHere, SpecLimits.IMAGE);
    }

    /** @param mostAnywhere bytes that no image comes to, unpacked, unless an owner takes even more */
    ImageArchive(Path file, ContentId image, long mostHere, long mostAnywhere) {
        this.file = file;
        this.image = image;
        this.mostHere = mostHere;
        this.mostUnpacked = Math.max(mostHere, mostAnywhere);
    }

    /**
     * Writes the tag-free archive of the one image.
     *
     * @throws BadArchive when the archive does not hold the image, or one that is too large for all
     * @throws TooLargeHere when it is too large for this machine only
     * @throws IOException when reading or writing fails
     */
    public void writeTo(OutputStream target) throws IOException {
        try (var archive = open()) {
            if (archive.getEntries().size() > MOST_ENTRIES) {
                throw new BadArchive("Expected at most %d entries in the image archive, but it has %d"
                        .formatted(MOST_ENTRIES, archive.getEntries().size()));
            }
            var manifest = manifest(archive);
            requireRoom(archive, manifest.get("Layers"));
            var out = new TarArchiveOutputStream(target, StandardCharsets.UTF_8.name());
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            var bytes = ("[" + manifest + "]").getBytes(StandardCharsets.UTF_8);
            var head = new TarArchiveEntry("manifest.json");
            head.setSize(bytes.length);
            out.putArchiveEntry(head);
            out.write(bytes);
            out.closeArchiveEntry();
            copy(archive, manifest.get("Config").asText(), out);
            var copied = new HashSet<String>();
            for (var layer : manifest.get("Layers")) {
                if (copied.add(layer.asText())) {
                    copy(archive, layer.asText(), out);
                }
            }
            out.finish();
        }
    }

    private TarFile open() throws IOException {
        var channel = new BoundedChannel(Files.newByteChannel(file), MOST_HEADERS);
        try {
            var archive = new TarFile(channel);
            channel.freely();
            return archive;
        } catch (IOException | IllegalArgumentException e) {
            channel.close();
            throw new BadArchive("Expected a docker-archive, but it cannot be read: " + e.getMessage());
        }
    }

    /** An engine unpacks whatever it is given until the disk is full, and a layer as often as it is listed. */
    private void requireRoom(TarFile archive, JsonNode layers) throws IOException {
        if (layers.size() > MOST_LAYERS) {
            throw new BadArchive(
                    "Expected an image of at most %d layers, but it has %d".formatted(MOST_LAYERS, layers.size()));
        }
        long left = mostUnpacked;
        var sizes = new HashMap<String, Long>();
        for (var layer : layers) {
            var name = layer.asText();
            var known = sizes.get(name);
            if (known == null) {
                try (var in = archive.getInputStream(entry(archive, name))) {
                    known = LayerSize.of(in, left);
                    sizes.put(name, known);
                }
            }
            if (known > left) {
                throw new BadArchive(
                        "Expected an image of at most %d bytes, but its layers unpack to more".formatted(mostUnpacked));
            }
            left -= known;
        }
        if (mostUnpacked - left > mostHere) {
            throw new TooLargeHere(
                    "Expected an image of at most %d bytes, as this agent's largest-image says, but its layers unpack to %d"
                            .formatted(mostHere, mostUnpacked - left));
        }
    }

    private JsonNode manifest(TarFile archive) throws IOException {
        var json = new ObjectMapper();
        var all = json.readTree(metadata(archive, "manifest.json"));
        if (all.size() > MOST_IMAGES) {
            throw new BadArchive(
                    "Expected an archive of at most %d images, but it has %d".formatted(MOST_IMAGES, all.size()));
        }
        for (var each : all) {
            var config = each.path("Config").asText("");
            if (sha256(metadata(archive, config)).equals(image)
                    && each.path("Layers").isArray()) {
                var kept = json.createObjectNode();
                kept.put("Config", config);
                kept.putNull("RepoTags");
                kept.set("Layers", each.get("Layers"));
                return kept;
            }
        }
        throw new BadArchive("Expected the archive to hold image '%s', but none of its %d images has that config digest"
                .formatted(image, all.size()));
    }

    private static byte[] metadata(TarFile archive, String name) throws IOException {
        var entry = entry(archive, name);
        if (entry.getSize() > MOST_METADATA) {
            throw new BadArchive("Expected '%s' to have at most %d bytes, but it has %d"
                    .formatted(name, MOST_METADATA, entry.getSize()));
        }
        try (InputStream in = archive.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static void copy(TarFile archive, String name, TarArchiveOutputStream out) throws IOException {
        var entry = entry(archive, name);
        var copy = new TarArchiveEntry(name);
        copy.setSize(entry.getSize());
        out.putArchiveEntry(copy);
        try (InputStream in = archive.getInputStream(entry)) {
            in.transferTo(out);
        }
        out.closeArchiveEntry();
    }

    private static TarArchiveEntry entry(TarFile archive, String name) {
        if (name.isEmpty() || name.startsWith("/") || name.contains("..")) {
            throw new BadArchive("Expected a plain entry name in the image archive, but it is '" + name + "'");
        }
        var found = find(archive, name);
        if (found != null && found.isSymbolicLink()) {
            // Engines before 25 save a repeated layer as a link to its first copy.
            var target = Path.of(name)
                    .resolveSibling(found.getLinkName())
                    .normalize()
                    .toString();
            found = find(archive, target);
        }
        if (found == null || !found.isFile() || found.isSymbolicLink()) {
            throw new BadArchive("Expected the image archive to hold the file '" + name + "', but it does not");
        }
        return found;
    }

    private static @Nullable TarArchiveEntry find(TarFile archive, String name) {
        return archive.getEntries().stream()
                .filter(e -> e.getName().equals(name))
                .reduce((a, b) -> b)
                .orElse(null);
    }

    private static ContentId sha256(byte[] bytes) {
        try {
            return ContentId.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The archive is not what the job promised. */
    public static final class BadArchive extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public BadArchive(String message) {
            super(message);
        }
    }

    /** The archive is fine, but this machine's owner takes no image of its size. */
    public static final class TooLargeHere extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public TooLargeHere(String message) {
            super(message);
        }
    }
}
