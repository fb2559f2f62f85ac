package io.perigee.protocol.codec;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.nio.charset.StandardCharsets;

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
        int parts = 0;
        for (int from = 0; from <= path.length(); from = end(path, from) + 1) {
            parts++;
            if (parts > MAX_PARTS) {
                throw InvalidValue.reading("a file path", path, "it has more than %d parts".formatted(MAX_PARTS));
            }
            requireSafe(path, from, end(path, from));
        }
        if (path.length() > 1 && path.charAt(1) == ':' && isLetter(path.charAt(0))) {
            throw InvalidValue.reading("a file path", path, "it starts with a drive letter");
        }
    }

    /** Where the part that begins there ends. */
    private static int end(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }

    private static void requireSafe(String path, int from, int end) {
        int length = end - from;
        if (bytes(path.substring(from, end)) > MAX_PART_BYTES) {
            throw InvalidValue.reading(
                    "a file path", path, "a part of it has more than %d bytes".formatted(MAX_PART_BYTES));
        }
        boolean isSafe = length > 0 && (length > 2 || !isDots(path, from, end));
        for (int i = from; i < end && isSafe; i++) {
            isSafe = path.charAt(i) != '\\' && !isControl(path.charAt(i));
        }
        if (!isSafe) {
            throw InvalidValue.reading(
                    "a file path",
                    path,
                    "it is not relative, with parts other than '', '.' and '..' and no control character");
        }
    }

    private static boolean isDots(String path, int from, int end) {
        return path.charAt(from) == '.' && path.charAt(end - 1) == '.';
    }

    private static boolean isControl(char c) {
        return c < 0x20 || c == 0x7f;
    }

    private static boolean isLetter(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
