package io.perigee.protocol.codec;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * One file of a directory.
 *
 * @param path relative, with forward slashes; at most 16 parts of at most 255 bytes, no empty, "." or ".." part, no
 *     backslash, no control character
 */
public record FileEntry(String path, long size, ContentId sha256) {
    public static final int MAX_PATH_BYTES = 512;
    /** What file systems take. */
    public static final int MAX_PART_BYTES = 255;
    /** Each is a directory on a provider's disk, whose own size nobody pays for. */
    public static final int MAX_PARTS = 16;

    private static final Pattern PART = Pattern.compile("[^/\\\\\\p{Cntrl}]+");

    public FileEntry {
        requireSafe(path);
        if (size < 0) {
            throw InvalidValue.reading("a file size", Long.toString(size), "it is negative");
        }
    }

    /**
     * A path that stays inside the directory it is unpacked into, on every system.
     *
     * @throws InvalidValue when it is none
     */
    public static void requireSafe(String path) {
        if (path.isEmpty() || bytes(path) > MAX_PATH_BYTES) {
            throw InvalidValue.reading("a file path", path, "it is not 1 to %d bytes long".formatted(MAX_PATH_BYTES));
        }
        var parts = path.split("/", -1);
        if (parts.length > MAX_PARTS) {
            throw InvalidValue.reading("a file path", path, "it has more than %d parts".formatted(MAX_PARTS));
        }
        for (var part : parts) {
            if (bytes(part) > MAX_PART_BYTES) {
                throw InvalidValue.reading(
                        "a file path", path, "a part of it has more than %d bytes".formatted(MAX_PART_BYTES));
            }
            if (!PART.matcher(part).matches() || part.equals(".") || part.equals("..")) {
                throw InvalidValue.reading(
                        "a file path",
                        path,
                        "it is not relative, with parts other than '', '.' and '..' and no control character");
            }
        }
        if (path.matches("[A-Za-z]:.*")) {
            throw InvalidValue.reading("a file path", path, "it starts with a drive letter");
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
