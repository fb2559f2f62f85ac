package io.perigee.protocol.codec;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * One file of a directory.
 *
 * @param path relative, with forward slashes; no empty, "." or ".." part, no backslash, no control character
 */
public record FileEntry(String path, long size, ContentId sha256) {
    public static final int MAX_PATH_BYTES = 512;
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
        if (path.isEmpty() || path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw InvalidValue.reading("a file path", path, "it is not 1 to %d bytes long".formatted(MAX_PATH_BYTES));
        }
        for (var part : path.split("/", -1)) {
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
}
