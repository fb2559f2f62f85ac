package io.perigee.devstack.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Debian's way to keep a package's installation from starting its service: a {@code policy-rc.d} that says no. The
 * packaged Docker service would put rules of its own into the host's network. A policy that is there already stays.
 */
final class NoServiceStart implements AutoCloseable {
    private static final Path POLICY = Path.of("/usr/sbin/policy-rc.d");

    private final boolean ours;

    private NoServiceStart(boolean ours) {
        this.ours = ours;
    }

    static NoServiceStart arrange() {
        try {
            if (!Files.isWritable(POLICY.getParent())) {
                return new NoServiceStart(false);
            }
            Files.createFile(
                    POLICY, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Files.writeString(POLICY, "#!/bin/sh\nexit 101\n");
            return new NoServiceStart(true);
        } catch (FileAlreadyExistsException e) {
            return new NoServiceStart(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (ours) {
            try {
                Files.deleteIfExists(POLICY);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
