package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.cli.engine.Engine;
import io.perigee.cli.engine.Program;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.spec.JobSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The job's own image, by its digest, as providers run it: the container contract's mounts, the job's own limits, no network.
 *
 * @param archive the image, when the engine does not have it
 */
record ImageTrainer(Engine engine, JobSpec spec, Supplier<Path> archive, Duration patience) implements Trainer {
    private static final String HOME = "/perigee/";
    private static final int MOST_PROCESSES = 512;

    @Override
    public Program.Ended run(Stretch stretch) {
        if (!engine.has(spec.image())) {
            engine.load(spec.image(), archive.get(), patience);
            if (!engine.has(spec.image())) {
                throw new Refusal(
                        ErrorCode.DIGEST_MISMATCH,
                        "Expected the archive to hold the image '%s', but it holds another".formatted(spec.image()),
                        "Only the image that the order names decides");
            }
        }
        engine.requireNoVolumes(spec.image());
        openToAll(stretch);
        // a run of this name that a killed program left behind
        engine.remove(stretch.name());
        try {
            var disk = new DiskLimit(stretch.work(), spec.resources().disk());
            return engine.run(options(stretch), Program.Input.of(""), patience, "Run it on a faster machine", disk);
        } finally {
            engine.remove(stretch.name());
        }
    }

    /** What it wrote is nobody's, who has to remove it where this program may not. */
    @Override
    public void sweep(Path directory) {
        engine.sweep(spec.image(), directory);
    }

    @Override
    public String words() {
        return "the job's own image in %s".formatted(Path.of(engine.program()).getFileName());
    }

    List<String> options(Stretch stretch) {
        var options = new ArrayList<>(List.of(
                "--name=" + stretch.name(),
                "--pids-limit=" + MOST_PROCESSES,
                "--memory=" + spec.resources().memory(),
                "--memory-swap=" + spec.resources().memory(),
                "--cpus=" + spec.resources().cpu(),
                "--env=PERIGEE_FROM=" + stretch.from(),
                "--env=PERIGEE_TO=" + stretch.to(),
                mount(stretch.job(), "job.json", true)));
        spec.baseId().ifPresent(_ -> options.add(mount(stretch.base(), "inputs/base", true)));
        spec.datasetId().ifPresent(_ -> options.add(mount(stretch.dataset(), "inputs/dataset", true)));
        if (stretch.from() > 0) {
            options.add(mount(stretch.resume(), "resume", true));
        }
        options.add(mount(stretch.checkpoints(), "checkpoints", false));
        options.add(mount(stretch.outputs(), "outputs", false));
        options.add(mount(stretch.progress(), "progress.jsonl", false));
        options.add(spec.image().value());
        return options;
    }

    private static String mount(Path source, String target, boolean readOnly) {
        return "--volume=%s:%s%s%s".formatted(source.toAbsolutePath().normalize(), HOME, target, readOnly ? ":ro" : "");
    }

    /** The image runs as nobody of this machine. */
    private void openToAll(Stretch stretch) {
        spec.baseId().ifPresent(_ -> Engine.requireReadable(stretch.base()));
        spec.datasetId().ifPresent(_ -> Engine.requireReadable(stretch.dataset()));
        if (stretch.from() > 0) {
            Engine.requireReadable(stretch.resume());
        }
        try {
            for (var written : List.of(stretch.checkpoints(), stretch.outputs())) {
                Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
            Files.setPosixFilePermissions(stretch.progress(), PosixFilePermissions.fromString("rw-rw-rw-"));
            Files.setPosixFilePermissions(stretch.job(), PosixFilePermissions.fromString("r--r--r--"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
