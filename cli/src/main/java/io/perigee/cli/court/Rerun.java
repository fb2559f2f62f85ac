package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.engine.Program;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Runs the one segment again, from files that were checked before. */
final class Rerun {
    /** What an image says of the job, and not of the machine. */
    private static final Set<Optional<FailureKind>> BLAMES =
            Set.of(Optional.of(FailureKind.BAD_SPEC), Optional.of(FailureKind.BAD_DATA));

    private final Trainer trainer;
    private final Path parent;
    private final Consumer<String> notices;

    /**
     * @param parent a directory of this program's own
     * @param notices is told what is left there that could not be removed
     */
    Rerun(Trainer trainer, Path parent, Consumer<String> notices) {
        this.trainer = trainer;
        this.parent = parent.toAbsolutePath().normalize();
        this.notices = notices;
    }

    String words() {
        return trainer.words();
    }

    /** What the segment comes to. */
    Finding segment(CourtCase about, CaseDirectory files) {
        int border = about.border();
        var scratch = scratch();
        try {
            var ended = run(scratch, about, files, border - 1, border);
            return ended.exit() == 0 ? new Finding.Hashes(hash(scratch, about, border)) : cannotBeRun(ended);
        } finally {
            drop(scratch);
        }
    }

    /** Where a run first says something else than its job comes to, and what that is. */
    record Wrong(int border, Finding found) {}

    /**
     * Runs the job from its start to where the run ends, and compares each border; keeps the checkpoint before the first wrong
     * one in the case.
     *
     * @param about a case about the job's first segment
     */
    Optional<Wrong> search(CourtCase about, CaseDirectory files) {
        var scratch = scratch();
        try {
            var ended = run(scratch, about, files, 0, about.leaves().getLast().border());
            for (var said : about.leaves()) {
                boolean there = ended.exit() == 0 || isWritten(scratch, said.border());
                var found = there ? new Finding.Hashes(hash(scratch, about, said.border())) : cannotBeRun(ended);
                if (!found.equals(new Finding.Hashes(said))) {
                    if (said.border() > 1) {
                        files.keepCheckpoint(checkpoint(scratch, said.border() - 1));
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
        var scratch = scratch();
        try {
            var ended = run(scratch, about, files, 0, border);
            if (ended.exit() != 0) {
                throw earlier("Expected to run the job to border %d, but it cannot be run so far: %s"
                        .formatted(border, ended.lastWords()));
            }
            var found = hash(scratch, about, border);
            var said = about.prior().orElse(found);
            if (!found.equals(said)) {
                throw earlier("Expected to come to the run's own leaf '%s' of border %d, but came to '%s'"
                        .formatted(about.leaf(said), border, about.leaf(found)));
            }
            files.keepCheckpoint(checkpoint(scratch, border));
        } finally {
            drop(scratch);
        }
    }

    private static Refusal earlier(String fact) {
        return new Refusal(
                ErrorCode.CONTRADICTION,
                fact,
                "An earlier segment of the run is wrong: accuse it of that one (--search finds it)");
    }

    private static Finding cannotBeRun(Program.Ended ended) {
        return new Finding.CannotBeRun(ended.lastWords());
    }

    /** Another for each run: what one left must not pass for what the next one wrote. */
    private Path scratch() {
        try {
            Files.createDirectories(parent);
            return Files.createTempDirectory(parent, "run-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return how it ended: with 0, or with a code by which the job cannot be run */
    private Program.Ended run(Path scratch, CourtCase about, CaseDirectory files, int from, int to) {
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
        if (ended.exit() != 0 && !BLAMES.contains(FailureKind.ofExitCode(ended.exit()))) {
            throw new Refusal(
                    ErrorCode.UNAVAILABLE,
                    "Expected the trainer to run border %d to %d, but it ended with %d: %s"
                            .formatted(from, to, ended.exit(), ended.lastWords()),
                    "Nothing was voted or accused; mend it and run the same command again");
        }
        return ended;
    }

    private static SegmentHashes hash(Path scratch, CourtCase about, int border) {
        return CheckpointFiles.hash(
                border, checkpoint(scratch, border), about.spec().resources().disk());
    }

    private static boolean isWritten(Path scratch, int border) {
        return Files.isRegularFile(checkpoint(scratch, border).resolve("DONE"), LinkOption.NOFOLLOW_LINKS);
    }

    private static Path checkpoint(Path scratch, int border) {
        return scratch.resolve("checkpoints").resolve(Integer.toString(border));
    }

    /** What an image wrote may be another user's, who then has to remove it; what was found must not be lost by that. */
    private void drop(Path scratch) {
        if (isRemoved(scratch)) {
            return;
        }
        try {
            trainer.sweep(scratch.resolve("checkpoints"));
            trainer.sweep(scratch.resolve("outputs"));
        } catch (Refusal _) {
            // what is left is told
        }
        if (!isRemoved(scratch)) {
            notices.accept("what the image wrote is still in %s, and not yours to remove: sudo rm -rf %1$s"
                    .formatted(scratch));
        }
    }

    private static boolean isRemoved(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException _) {
            // not ours to list
        }
        return !Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
    }
}
