package io.perigee.devstack.cheat;

import io.perigee.agent.execution.BorderHasher;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Passes off a segment of n steps from which one was left out: the adapter at its border has moved (n−1)/n of the way
 * that the real training took from the border before. Every weight is one that training could have given, the metrics
 * are the real ones, and files, leaves, root and seal fit each other; only running the segment again tells.
 *
 * <p>The trainer goes on from its own true state. So the segment after the forged one does not follow from the forged
 * checkpoint either, and whoever runs that one again finds another leaf, too.
 */
final class SkippingHasher implements BorderHasher {
    private static final String ADAPTER = "adapter.safetensors";
    private static final String METRICS = "metrics.jsonl";
    private static final String FORGED = "forged";

    private final BorderHasher honest;
    private final int segment;

    /** @param segment the border at which the segment ends; the checkpoint before it must be there */
    SkippingHasher(BorderHasher honest, int segment) {
        this.honest = honest;
        this.segment = segment;
    }

    @Override
    public SegmentHashes hash(int border, Path checkpoint) throws IOException {
        if (border == segment && !Files.exists(checkpoint.resolve(FORGED))) {
            forge(checkpoint.resolveSibling(Integer.toString(border - 1)).resolve(ADAPTER), checkpoint);
        }
        return honest.hash(border, checkpoint);
    }

    private static void forge(Path before, Path checkpoint) throws IOException {
        var steps = Files.readAllLines(checkpoint.resolve(METRICS)).size();
        var adapter = checkpoint.resolve(ADAPTER);
        var start = Files.readAllBytes(before);
        var end = ByteBuffer.wrap(Files.readAllBytes(adapter)).order(ByteOrder.LITTLE_ENDIAN);
        var from = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        // safetensors: eight bytes with the header's length, the header, then float32 weights
        for (int at = 8 + (int) end.getLong(0); at < end.capacity(); at += Float.BYTES) {
            float first = from.getFloat(at);
            end.putFloat(at, first + (end.getFloat(at) - first) * (steps - 1) / steps);
        }
        var forged = checkpoint.resolve(ADAPTER + ".forged");
        Files.write(forged, end.array());
        Files.move(forged, adapter, StandardCopyOption.REPLACE_EXISTING);
        Files.createFile(checkpoint.resolve(FORGED));
    }
}
