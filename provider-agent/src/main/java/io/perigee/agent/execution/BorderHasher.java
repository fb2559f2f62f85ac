package io.perigee.agent.execution;

import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.nio.file.Path;

/** Turns the files of a border into what the agent commits to. */
@FunctionalInterface
public interface BorderHasher {

    /**
     * Hashes one border whose {@code DONE} is there.
     *
     * @param checkpoint the border's directory, written by the job and not to be trusted
     * @throws IOException when a file of the container contract is missing or is not a regular file
     */
    SegmentHashes hash(int border, Path checkpoint) throws IOException;
}
