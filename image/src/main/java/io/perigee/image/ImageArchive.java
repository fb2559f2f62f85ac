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
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * of it is no more than the owner allows, and is what the config says. None of the stranger's names is passed on either:
 * a "layer" named as a manifest would be one.
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

    private static final String CONFIG = "config.json";
    private static final ObjectMapper JSON = new ObjectMapper();

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
            var listed = listed(archive);
            var config = metadata(archive, listed.config());
            var order = ImageConfig.read(config).layers();
            var layers = layers(archive, listed.layers(), order);
            var out = new TarArchiveOutputStream(target, StandardCharsets.UTF_8.name());
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            put(out, "manifest.json", manifest(order, List.copyOf(layers.keySet())));
            put(out, CONFIG, config);
            int number = 0;
            for (var layer : layers.values()) {
                copy(archive, layer, name(number++), out);
            }
            out.finish();
        }
    }

    private static String name(int layer) {
        return layer + ".tar";
    }

    /** A layer that is there several times is one file: so {@code podman} wants it. */
    private static byte[] manifest(List<ContentId> order, List<ContentId> distinct) throws IOException {
        var manifest = JSON.createObjectNode();
        manifest.put("Config", CONFIG);
        manifest.putNull("RepoTags");
        var names = manifest.putArray("Layers");
        order.forEach(layer -> names.add(name(distinct.indexOf(layer))));
        return JSON.writeValueAsBytes(List.of(manifest));
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

    /**
     * The entries of the layers, each found to be what the config says of it. An engine unpacks whatever it is given until
     * the disk is full, and a layer as often as it is listed.
     */
    private Map<ContentId, TarArchiveEntry> layers(TarFile archive, List<String> names, List<ContentId> order)
            throws IOException {
        if (names.size() != order.size() || names.size() > MOST_LAYERS) {
            throw new BadArchive(
                    "Expected as many layers as the image's config names, and at most %d, but it names %d and the archive lists %d"
                            .formatted(MOST_LAYERS, order.size(), names.size()));
        }
        long left = mostUnpacked;
        var layers = new LinkedHashMap<ContentId, TarArchiveEntry>();
        var sizes = new HashMap<ContentId, Long>();
        for (int i = 0; i < names.size(); i++) {
            var layer = order.get(i);
            var known = sizes.get(layer);
            if (known == null) {
                var entry = entry(archive, names.get(i));
                known = size(archive, entry, layer, left);
                sizes.put(layer, known);
                layers.put(layer, entry);
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
        return layers;
    }

    private static long size(TarFile archive, TarArchiveEntry entry, ContentId layer, long most) throws IOException {
        var digest = sha256();
        try (var in = archive.getInputStream(entry)) {
            long size = LayerSize.of(in, most, digest);
            var found = ContentId.of(digest.digest());
            if (!found.equals(layer)) {
                throw new BadArchive("Expected layer '%s' that the image's config names, but in its place is '%s'"
                        .formatted(layer, found));
            }
            return size;
        }
    }

    /** What the stranger's manifest lists for the image: names in the archive. */
    private record Listed(String config, List<String> layers) {}

    private Listed listed(TarFile archive) throws IOException {
        var all = parsed(metadata(archive, "manifest.json"));
        if (all.size() > MOST_IMAGES) {
            throw new BadArchive(
                    "Expected an archive of at most %d images, but it has %d".formatted(MOST_IMAGES, all.size()));
        }
        for (var each : all) {
            var config = each.path("Config").asText("");
            if (ContentId.of(sha256().digest(metadata(archive, config))).equals(image)
                    && each.path("Layers").isArray()) {
                return new Listed(
                        config,
                        each.get("Layers").valueStream().map(JsonNode::asText).toList());
            }
        }
        throw new BadArchive("Expected the archive to hold image '%s', but none of its %d images has that config digest"
                .formatted(image, all.size()));
    }

    private static JsonNode parsed(byte[] manifest) {
        try {
            return JSON.readTree(manifest);
        } catch (IOException e) {
            throw new BadArchive("Expected a manifest of images, but it cannot be read: " + e.getMessage());
        }
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

    private static void put(TarArchiveOutputStream out, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    private static void copy(TarFile archive, TarArchiveEntry entry, String name, TarArchiveOutputStream out)
            throws IOException {
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
            found = find(archive, target(name, found.getLinkName()));
        }
        if (found == null || !found.isFile() || found.isSymbolicLink() || found.isSparse()) {
            throw new BadArchive("Expected the image archive to hold the file '" + name + "', but it does not");
        }
        return found;
    }

    private static String target(String name, String link) {
        try {
            return Path.of(name).resolveSibling(link).normalize().toString();
        } catch (InvalidPathException e) {
            throw new BadArchive("Expected '%s' to be a link to another entry, but it leads nowhere".formatted(name));
        }
    }

    private static @Nullable TarArchiveEntry find(TarFile archive, String name) {
        return archive.getEntries().stream()
                .filter(e -> e.getName().equals(name))
                .reduce((a, b) -> b)
                .orElse(null);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
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
