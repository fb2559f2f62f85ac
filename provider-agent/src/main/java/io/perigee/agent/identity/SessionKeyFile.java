package io.perigee.agent.identity;

import io.perigee.agent.store.DurableFiles;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The session key on disk. It can sign work but holds no money, and the owner can revoke it; so its file is sealed
 * lightly and its password lies beside it, readable by the owner alone, unless the owner keeps it elsewhere.
 */
public final class SessionKeyFile {
    private static final int LARGEST = 64 * 1024;

    private SessionKeyFile() {}

    /**
     * Draws a key and writes its file.
     *
     * @param password file to read the password from; written with a drawn one when it is the home's own and absent
     * @throws InvalidValue when there is a key already
     */
    public static KeyPair create(AgentHome home, Path password, SecureRandom random) throws IOException {
        if (Files.exists(home.sessionKey())) {
            throw new InvalidValue(
                    "Expected to write a new session key to '%s', but there is one already; a lost key is replaced by moving it away"
                            .formatted(home.sessionKey()));
        }
        if (!Files.exists(password) && password.equals(home.keyPassword())) {
            var drawn = new byte[24];
            random.nextBytes(drawn);
            writePrivate(password, HexFormat.of().formatHex(drawn).getBytes(StandardCharsets.UTF_8));
        }
        var key = KeyPair.create(random);
        writePrivate(home.sessionKey(), Keystore.write(key, readPassword(password), Keystore.Strength.LIGHT, random));
        return key;
    }

    /** @throws InvalidValue when there is no key, or the password does not open it */
    public static KeyPair read(AgentHome home, Path password) throws IOException {
        if (!Files.isRegularFile(home.sessionKey()) || Files.size(home.sessionKey()) > LARGEST) {
            throw new InvalidValue("Expected a session key in '%s', but there is none; make one with the verb keygen"
                    .formatted(home.sessionKey()));
        }
        return Keystore.read(Files.readAllBytes(home.sessionKey()), readPassword(password));
    }

    private static String readPassword(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
            throw new InvalidValue(
                    "Expected the session key's password in '%s', but there is no such file".formatted(file));
        }
        return Files.readString(file).strip();
    }

    private static void writePrivate(Path file, byte[] content) throws IOException {
        DurableFiles.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
