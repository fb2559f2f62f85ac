package io.perigee.trainers.strict.job;

import java.nio.file.Path;
import java.util.Map;

/** The paths of the container contract, below {@code /perigee} or, for trying things by hand, below PERIGEE_ROOT. */
public record Workplace(Path root) {

    public static Workplace of(Map<String, String> environment) {
        return new Workplace(Path.of(environment.getOrDefault("PERIGEE_ROOT", "/perigee")));
    }

    public Path job() {
        return root.resolve("job.json");
    }

    public Path base() {
        return root.resolve("inputs/base");
    }

    /** An adapter in PEFT's layout, for {@code generate} only. */
    public Path adapter() {
        return root.resolve("inputs/adapter");
    }

    public Path dataset() {
        return root.resolve("inputs/dataset");
    }

    public Path resume() {
        return root.resolve("resume");
    }

    public Path checkpoints() {
        return root.resolve("checkpoints");
    }

    public Path outputs() {
        return root.resolve("outputs");
    }

    public Path progress() {
        return root.resolve("progress.jsonl");
    }
}
