package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/** Runs the one segment again, from files that were checked before. */
final class Rerun {
    private final Trainer trainer;
    private final Path scratch;

    /** @param parent a directory of this program's own */
    Rerun(Trainer trainer, Path parent) {
        this.trainer = trainer;
        this.scratch = parent.resolve("run-" + ProcessHandle.current().pid())
                .toAbsolutePath()
                .normalize();
    }

    String words() {
        return trainer.words();
    }

    /** What the segment comes to. */
    SegmentHashes segment(CourtCase about, CaseDirectory files) {
        int border = about.border();
        try {
            run(about, files, border - 1, border);
            return hash(about, border);
        } finally {
            drop(scratch);
        }
    }

    /** Where a run first says something else than its job comes to, and what that is. */
    record Wrong(int border, SegmentHashes found) {}

    /**
     * Runs the job from its start to where the run ends, and compares each border; keeps the checkpoint before the first wrong
     * one in the case.
     *
     * @param about a case about the job's first segment
     */
    Optional<Wrong> search(CourtCase about, CaseDirectory files) {
        try {
            run(about, files, 0, about.leaves().getLast().border());
            for (var said : about.leaves()) {
                var found = hash(about, said.border());
                if (!found.equals(said)) {
                    if (said.border() > 1) {
                        files.keepCheckpoint(checkpoint(said.border() - 1));
                    }
                    return Optional.of(new Wrong(said.border(), found));
                }
            }
            return Optional.empty();
        } finally {
            drop(scratch);
        }
    }

    /**
     * Computes the checkpoint before the segment from the job's start, and keeps it in the case.
     *
     * @throws Refusal when it is not what the run says: then an earlier segment is wrong
     */
    void prior(CourtCase about, CaseDirectory files) {
        int border = about.border() - 1;
        try {
            run(about, files, 0, border);
            var found = hash(about, border);
            var said = about.prior().orElse(found);
            if (!found.equals(said)) {
                throw new Refusal(
                        ErrorCode.CONTRADICTION,
                        "Expected to come to the run's own leaf '%s' of border %d, but came to '%s'"
                                .formatted(about.leaf(said), border, about.leaf(found)),
                        "An earlier segment of the run is wrong: accuse it of that one");
            }
            files.keepCheckpoint(checkpoint(border));
        } finally {
            drop(scratch);
        }
    }

    private void run(CourtCase about, CaseDirectory files, int from, int to) {
        drop(scratch);
        var stretch = new Trainer.Stretch(
                "perigee-court-" + about.accusedLeaf().value().substring(2, 18) + "-"
                        + ProcessHandle.current().pid(),
                scratch.resolve("job.json"),
                files.base(),
                files.dataset(),
                files.checkpoint(),
                scratch,
                from,
                to);
        try {
            Files.createDirectories(stretch.checkpoints());
            Files.createDirectories(stretch.outputs());
            Files.createFile(stretch.progress());
            Files.write(stretch.job(), CanonicalJson.bytes(about.spec()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var ended = trainer.run(stretch);
        if (ended.exit() != 0) {
            throw new Refusal(
                    ErrorCode.UNAVAILABLE,
                    "Expected the trainer to run border %d to %d, but it ended with %d: %s"
                            .formatted(from, to, ended.exit(), ended.lastWords()),
                    "Nothing was voted or accused; mend it and run the same command again");
        }
    }

    private SegmentHashes hash(CourtCase about, int border) {
        return CheckpointFiles.hash(
                border, checkpoint(border), about.spec().resources().disk());
    }

    private Path checkpoint(int border) {
        return scratch.resolve("checkpoints").resolve(Integer.toString(border));
    }

    /** What an image wrote may be another user's, who then has to remove it; what was found must not be lost by that. */
    private static void drop(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException _) {
            // not there, or not ours to list
        }
    }
}
