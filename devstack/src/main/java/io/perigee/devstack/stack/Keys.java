package io.perigee.devstack.stack;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** The services' keys as key files with a password file each; made once and kept with the state. */
final class Keys {
    private final Path directory;
    private final SecureRandom random = new SecureRandom();

    Keys(Path state) {
        this.directory = state.resolve("keys");
    }

    /** A key and where it is. */
    record Stored(KeyPair key, Path file, Path password) {}

    Stored make(String name) {
        Path file = directory.resolve(name + ".json");
        Path password = directory.resolve(name + ".password");
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (Files.exists(file) && Files.exists(password)) {
                return new Stored(Keystore.read(Files.readAllBytes(file), Files.readString(password)), file, password);
            }
            var key = KeyPair.create(random);
            var secret = new byte[16];
            random.nextBytes(secret);
            String text = java.util.HexFormat.of().formatHex(secret);
            Files.write(file, Keystore.write(key, text, Keystore.Strength.LIGHT, random));
            Files.write(password, text.getBytes(StandardCharsets.UTF_8));
            for (Path each : new Path[] {file, password}) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rw-------"));
            }
            return new Stored(key, file, password);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to keep the key '" + name + "' in " + directory, e);
        }
    }
}
