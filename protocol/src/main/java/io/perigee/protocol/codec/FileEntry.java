package io.perigee.protocol.codec;

import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import java.nio.charset.StandardCharsets;

/**
 * One file of a directory.
 *
 * @param path relative, with forward slashes; no empty, "." or ".." part, no backslash, no control character
 */
public record FileEntry(String path, long size, ContentId sha256) {
    public static final int MAX_PATH_BYTES = 512;

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
        for (int from = 0; from <= path.length(); from = end(path, from) + 1) {
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
}
