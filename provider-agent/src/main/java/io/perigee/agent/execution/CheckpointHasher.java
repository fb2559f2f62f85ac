package io.perigee.agent.execution;

import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The four files of the container contract, by SHA-256. */
public final class CheckpointHasher implements BorderHasher {
    static final String ADAPTER = "adapter.safetensors";
    static final String OPTIMIZER = "optimizer.safetensors";
    static final String STATE = "state.json";
    static final String METRICS = "metrics.jsonl";
    static final String DONE = "DONE";
    static final List<String> FILES = List.of(ADAPTER, OPTIMIZER, STATE, METRICS);

    private final long mostBytes;

    /** @param mostBytes of one file */
    public CheckpointHasher(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    public SegmentHashes hash(int border, Path checkpoint) throws IOException {
        return new SegmentHashes(
                border,
                file(border, checkpoint, ADAPTER),
                file(border, checkpoint, OPTIMIZER),
                file(border, checkpoint, STATE),
                file(border, checkpoint, METRICS));
    }

    private ContentId file(int border, Path checkpoint, String name) throws IOException {
        try {
            return JobWritten.sha256(checkpoint, name, mostBytes);
        } catch (NoSuchFileException e) {
            throw new JobWritten.Unacceptable("Expected checkpoints/%d to hold %s beside DONE, but '%s' is missing"
                    .formatted(border, String.join(", ", FILES), name));
        }
    }
}
