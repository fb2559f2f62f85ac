package io.perigee.cli.job;

import io.perigee.cli.Refusal;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Finds the image in what {@code docker save} writes, without a container engine. */
final class DockerArchive {
    private static final int BLOCK = 512;
    private static final int LARGEST_MANIFEST = 1 << 20;
    private static final Pattern CONFIG = Pattern.compile("(?:blobs/sha256/)?([0-9a-f]{64})(?:\\.json)?");

    private DockerArchive() {}

    /** The digest of the image's config: the image's one name. */
    static ContentId configDigest(Path archive) {
        try (var in = new BufferedInputStream(Files.newInputStream(archive))) {
            var manifest = Json.parse(find(in, "manifest.json"));
            var config = CONFIG.matcher(manifest.path(0).path("Config").asText(""));
            if (manifest.size() != 1 || !config.matches()) {
                throw refused(archive, "it does not hold exactly one image");
            }
            return ContentId.parse("sha256:" + config.group(1));
        } catch (IOException | InvalidValue e) {
            throw refused(archive, Files.exists(archive) ? "it is none: " + e.getMessage() : "it does not exist");
        }
    }

    private static byte[] find(InputStream in, String wanted) throws IOException {
        var header = new byte[BLOCK];
        while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
            var name = text(header, 0, 100);
            var digits = text(header, 124, 12).strip();
            if (!digits.matches("[0-7]{1,11}")) {
                throw new IOException("a header of the archive is broken");
            }
            long size = Long.parseLong(digits, 8);
            if (name.equals(wanted)) {
                return in.readNBytes((int) Math.min(size, LARGEST_MANIFEST));
            }
            in.skipNBytes((size + BLOCK - 1) / BLOCK * BLOCK);
        }
        throw new IOException("there is no " + wanted + " in it");
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private static Refusal refused(Path archive, String fact) {
        return new Refusal(
                ErrorCode.MALFORMED,
                "Expected a docker-archive at '%s', but %s".formatted(archive, fact),
                "Make one with: docker save -o image.tar IMAGE");
    }
}
