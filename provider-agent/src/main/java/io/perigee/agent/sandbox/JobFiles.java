package io.perigee.agent.sandbox;

import java.nio.file.Path;

/**
 * The files of one attempt as the container contract lays them out, on the host.
 *
 * @param root absolute directory that belongs to this attempt alone
 */
public record JobFiles(Path root) {
    public JobFiles {
        root = root.toAbsolutePath().normalize();
    }

    public Path job() {
        return root.resolve("job.json");
    }

    public Path inputs() {
        return root.resolve("inputs");
    }

    public Path base() {
        return inputs().resolve("base");
    }

    public Path dataset() {
        return inputs().resolve("dataset");
    }

    /** The checkpoint a run begins from, where it does not begin at border 0. */
    public Path resume() {
        return root.resolve("resume");
    }

    public Path checkpoints() {
        return root.resolve("checkpoints");
    }

    public Path checkpoint(int border) {
        return checkpoints().resolve(Integer.toString(border));
    }

    public Path outputs() {
        return root.resolve("outputs");
    }

    public Path progress() {
        return root.resolve("progress.jsonl");
    }
}
