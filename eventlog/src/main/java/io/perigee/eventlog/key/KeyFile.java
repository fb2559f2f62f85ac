package io.perigee.eventlog.key;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.id.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Reads files that hold secrets. What is in them is never in an environment variable, and never logged. */
public final class KeyFile {
    private static final int LONGEST = 16 * 1024;

    private KeyFile() {}

    /**
     * Opens a keystore file.
     *
     * @param setting the name of the setting that names the file, for people; the password's is it and "password"
     * @throws IllegalArgumentException when a file cannot be read, or is no key file, or the password is wrong
     */
    public static KeyPair read(Setting file, Setting passwordFile) {
        return Keystore.read(bytes(file), text(passwordFile));
    }

    /** Reads 32 secret bytes in hexadecimal, with or without "0x". */
    public static Digest secret(Setting file) {
        var text = text(file).toLowerCase(Locale.ROOT);
        try {
            return Digest.parse(text.startsWith("0x") ? text : "0x" + text);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException(
                    "Expected %s to name a file of 32 bytes in hexadecimal, but '%s' holds something else"
                            .formatted(file.name(), file.path()));
        }
    }

    /** A file, and the setting that names it. */
    public record Setting(String name, Path path) {}

    /** One line break at the end is the editor's, not the password's. */
    private static String text(Setting file) {
        var text = new String(bytes(file), StandardCharsets.UTF_8);
        return text.endsWith("\r\n")
                ? text.substring(0, text.length() - 2)
                : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static byte[] bytes(Setting file) {
        try {
            if (Files.size(file.path()) > LONGEST) {
                throw new IllegalArgumentException("Expected %s to name a small file, but '%s' is longer than %d bytes"
                        .formatted(file.name(), file.path(), LONGEST));
            }
            return Files.readAllBytes(file.path());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Expected %s to name a readable file, but '%s' is not: %s"
                            .formatted(file.name(), file.path(), e.getClass().getSimpleName()),
                    e);
        }
    }
}
