package io.perigee.scheduler.app;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the hub's signing key. It is never in an environment variable, and never logged. */
final class KeyFile {
    private static final int LONGEST = 16 * 1024;

    private KeyFile() {}

    static KeyPair read(Path file, Path passwordFile) {
        return Keystore.read(bytes(file, "hub-key-file"), password(passwordFile));
    }

    /** One line break at the end is the editor's, not the password's. */
    private static String password(Path file) {
        var text = new String(bytes(file, "hub-key-password-file"), StandardCharsets.UTF_8);
        return text.endsWith("\r\n")
                ? text.substring(0, text.length() - 2)
                : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private static byte[] bytes(Path file, String setting) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new IllegalArgumentException(
                        "Expected perigee.scheduler.%s to name a small file, but '%s' is longer than %d bytes"
                                .formatted(setting, file, LONGEST));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Expected perigee.scheduler.%s to name a readable file, but '%s' is not: %s"
                            .formatted(setting, file, e.getClass().getSimpleName()),
                    e);
        }
    }
}
