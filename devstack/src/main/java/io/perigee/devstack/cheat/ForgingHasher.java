package io.perigee.devstack.cheat;

import io.perigee.agent.execution.BorderHasher;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Changes the adapter of every border from {@code first} on before it is sealed and uploaded: files, leaves, root and
 * seal all fit each other, so only somebody who did the work can tell.
 */
final class ForgingHasher implements BorderHasher {
    private static final String ADAPTER = "adapter.safetensors";

    private final BorderHasher honest;
    private final int first;

    ForgingHasher(BorderHasher honest, int first) {
        this.honest = honest;
        this.first = first;
    }

    @Override
    public SegmentHashes hash(int border, Path checkpoint) throws IOException {
        if (border >= first) {
            forge(checkpoint.resolve(ADAPTER));
        }
        return honest.hash(border, checkpoint);
    }

    /** Another last weight, in a file that is as well-formed as before; forging it again gives the same file. */
    private static void forge(Path adapter) throws IOException {
        byte[] content = Files.readAllBytes(adapter);
        content[content.length - 4] |= 1;
        content[content.length - 3] = 0x2a;
        Path forged = adapter.resolveSibling(ADAPTER + ".forged");
        Files.write(forged, content);
        Files.move(forged, adapter, StandardCopyOption.REPLACE_EXISTING);
    }
}
