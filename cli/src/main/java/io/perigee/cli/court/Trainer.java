package io.perigee.cli.court;

import io.perigee.cli.engine.Program;
import java.nio.file.Path;

/** Who runs a job's stretch again: the job's own image, or the strict trainer that came with this program. */
interface Trainer {
    /**
     * Where everything lies for one run.
     *
     * @param name of the run, unique on this machine for this use of it
     * @param job the canonical spec
     * @param resume the files to start from; not there for border 0
     * @param work what the run may write to
     */
    record Stretch(String name, Path job, Path base, Path dataset, Path resume, Path work, int from, int to) {
        Path checkpoints() {
            return work.resolve("checkpoints");
        }

        Path outputs() {
            return work.resolve("outputs");
        }

        Path progress() {
            return work.resolve("progress.jsonl");
        }
    }

    Program.Ended run(Stretch stretch);

    /** Removes what a run wrote below a directory and this program itself could not. */
    default void sweep(Path directory) {}

    /** In a few words, for the person who waits. */
    String words();
}
