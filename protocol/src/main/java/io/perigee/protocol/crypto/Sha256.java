package io.perigee.protocol.crypto;

import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash that names content. */
public final class Sha256 {
    private static final int CHUNK = 1 << 16;

    private Sha256() {}

    public static ContentId of(byte[] bytes) {
        return ContentId.of(digester().digest(bytes));
    }

    /** Hashes a file without holding it in memory. */
    public static ContentId of(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return of(in);
        }
    }

    /** Hashes a stream to its end; the caller closes it. */
    public static ContentId of(InputStream in) throws IOException {
        var digester = digester();
        var buffer = new byte[CHUNK];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digester.update(buffer, 0, n);
        }
        return ContentId.of(digester.digest());
    }

    /** A digester for callers that hash while they copy. */
    public static MessageDigest digester() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected to find SHA-256 in the JDK, but it is missing", e);
        }
    }
}
