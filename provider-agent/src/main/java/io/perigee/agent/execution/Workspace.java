package io.perigee.agent.execution;

import io.perigee.agent.artifact.ArtifactException;
import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.artifact.ContentCache;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.DurableFiles;
import io.perigee.agent.store.JobReadable;
import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lays out what the container contract promises a job.
 *
 * <p>The job's user is nobody of this machine, so what it may write is open to all; the attempt's own directory above
 * it is closed to all but the agent.
 */
final class Workspace {
    private static final long LARGEST_MANIFEST = 16L << 20;

    private final ContentCache cache;
    private final Duration patience;

    /** @param patience how long the hub is asked again for an input it does not give */
    Workspace(ContentCache cache, Duration patience) {
        this.cache = cache;
        this.patience = patience;
    }

    /**
     * Makes a fresh layout, dropping what an earlier try left.
     *
     * @throws Failure when an input cannot be had, or is not what the job says of it; a checkpoint that is none is not
     *     the job's fault, so it counts as one that cannot be had
     */
    void prepare(AssignmentOffer work, JobFiles files, Cancellation cancellation)
            throws IOException, InterruptedException, Failure {
        var spec = work.spec();
        DurableFiles.deleteTree(files.root());
        Files.createDirectories(files.root());
        JobReadable.directory(files.inputs());
        JobReadable.file(Files.write(files.job(), CanonicalJson.bytes(spec)));
        openToAll(Files.createDirectory(files.checkpoints()));
        openToAll(Files.createDirectory(files.outputs()));
        Files.setPosixFilePermissions(Files.createFile(files.progress()), PosixFilePermissions.fromString("rw-rw-rw-"));
        long left = spec.resources().disk();
        if (spec.baseId().isPresent()) {
            left -= unpack("base", spec.baseId().get(), files.base(), left, cancellation);
        }
        if (spec.datasetId().isPresent()) {
            left -= unpack("dataset", spec.datasetId().get(), files.dataset(), left, cancellation);
        }
        var checkpoint = work.resumeFrom();
        if (checkpoint != null) {
            resume(work.assignment().fromBorder(), checkpoint, files.resume(), left, cancellation);
        }
    }

    /**
     * Makes what is there ready for another container of the same attempt: it starts from the newest border whose files
     * are still what was sealed, and runs at least one segment, since an image need not know how to run none. What lies
     * behind that border is dropped; run again, it gives the same.
     *
     * @return that border
     */
    int layOutAgain(AttemptRecord attempt, JobFiles files, BorderHasher hasher, Cancellation cancellation)
            throws IOException, InterruptedException, Failure {
        int border = Math.max(attempt.fromBorder(), Math.min(attempt.reached(), attempt.toBorder() - 1));
        DurableFiles.deleteTree(files.resume());
        while (border > attempt.fromBorder() && !resumeOwn(attempt.segment(border), files, hasher)) {
            border--;
        }
        var checkpoint = attempt.work().resumeFrom();
        if (border == attempt.fromBorder() && checkpoint != null) {
            long most = attempt.work().spec().resources().disk();
            resume(border, checkpoint, files.resume(), most, cancellation);
        }
        dropAllBut(border, files.checkpoints());
        DurableFiles.deleteTree(files.outputs());
        openToAll(Files.createDirectory(files.outputs()));
        return border;
    }

    /** Later borders, and what a job had begun to write. */
    private static void dropAllBut(int border, Path checkpoints) throws IOException {
        var kept = IntStream.rangeClosed(0, border).mapToObj(Integer::toString).collect(Collectors.toSet());
        try (var found = Files.newDirectoryStream(checkpoints)) {
            for (var each : found) {
                if (!kept.contains(each.getFileName().toString())) {
                    DurableFiles.deleteTree(each);
                }
            }
        }
    }

    /** @return false when the files are no longer what was sealed; a machine that went down may not have kept them */
    private static boolean resumeOwn(SegmentHashes sealed, JobFiles files, BorderHasher hasher) throws IOException {
        JobReadable.directory(files.resume());
        try {
            for (var name : CheckpointHasher.FILES) {
                try (var in = Channels.newInputStream(JobWritten.read(files.checkpoint(sealed.border()), name))) {
                    Files.copy(in, files.resume().resolve(name));
                }
                JobReadable.file(files.resume().resolve(name));
            }
            if (hasher.hash(sealed.border(), files.resume()).equals(sealed)) {
                return true;
            }
        } catch (NoSuchFileException | NotDirectoryException | JobWritten.Unacceptable e) {
            // none of what was sealed
        }
        DurableFiles.deleteTree(files.resume());
        return false;
    }

    /** Lays out another provider's checkpoint: the files of the container contract and nothing else. */
    private void resume(int border, ContentId checkpoint, Path target, long most, Cancellation cancellation)
            throws IOException, InterruptedException, Failure {
        var what = "checkpoint of border " + border;
        try {
            unpack(what, checkpoint, target, most, cancellation);
        } catch (Failure e) {
            throw new Failure(FailureKind.INPUT_UNAVAILABLE, String.valueOf(e.getMessage()));
        }
        try (var listing = Files.list(target)) {
            var names =
                    listing.map(file -> file.getFileName().toString()).sorted().toList();
            if (!names.equals(CheckpointHasher.FILES.stream().sorted().toList())) {
                throw new Failure(
                        FailureKind.INPUT_UNAVAILABLE,
                        "Expected the %s '%s' to hold %s, but it holds %s"
                                .formatted(
                                        what,
                                        checkpoint,
                                        String.join(", ", CheckpointHasher.FILES),
                                        Text.bounded(String.join(", ", names), 200)));
            }
        }
    }

    private long unpack(String what, ContentId id, Path target, long most, Cancellation cancellation)
            throws IOException, InterruptedException, Failure {
        try {
            var manifest = manifest(what, cache.fetch(id, LARGEST_MANIFEST, patience, cancellation));
            if (manifest.totalSize() > most) {
                throw new Failure(
                        FailureKind.BAD_SPEC,
                        "Expected the %s to fit in the %d bytes left of resources.disk, but it has %d"
                                .formatted(what, most, manifest.totalSize()));
            }
            JobReadable.directory(target);
            for (var file : manifest.files()) {
                var place = JobReadable.place(target, file.path());
                cache.place(file.sha256(), file.size(), place, patience, cancellation);
                if (Files.size(place) != file.size()) {
                    throw new Failure(
                            FailureKind.BAD_DATA,
                            "Expected '%s' of the %s to have %d bytes, but it has %d"
                                    .formatted(file.path(), what, file.size(), Files.size(place)));
                }
            }
            return manifest.totalSize();
        } catch (ArtifactException e) {
            throw new Failure(
                    FailureKind.INPUT_UNAVAILABLE,
                    "Expected to fetch the %s '%s', but: %s".formatted(what, id, e.getMessage()));
        }
    }

    private static Manifest manifest(String what, Path file) throws IOException, Failure {
        try {
            return Manifest.ofBytes(Files.readAllBytes(file));
        } catch (InvalidValue e) {
            throw new Failure(
                    FailureKind.BAD_DATA,
                    "Expected the %s to be a directory manifest, but: %s".formatted(what, e.getMessage()));
        }
    }

    private static void openToAll(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
}
