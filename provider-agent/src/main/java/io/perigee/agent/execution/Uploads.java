package io.perigee.agent.execution;

import io.perigee.agent.artifact.ArtifactStore;
import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.result.SegmentHashes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;

/** Uploads directories a job wrote: every file, then the manifest that names them. */
final class Uploads {
    private static final String FILE = "application/octet-stream";

    private final ArtifactStore artifacts;

    Uploads(ArtifactStore artifacts) {
        this.artifacts = artifacts;
    }

    /** @return the manifest's digest */
    ContentId directory(Path directory, Manifest manifest, Duration patience, Cancellation cancellation)
            throws IOException, InterruptedException {
        for (var file : manifest.files()) {
            artifacts.upload(
                    file.sha256(),
                    file.size(),
                    FILE,
                    offset -> Channels.newInputStream(
                            JobWritten.read(directory, file.path()).position(offset)),
                    patience,
                    cancellation);
        }
        var bytes = manifest.bytes();
        artifacts.upload(
                manifest.digest(),
                bytes.length,
                Manifest.MEDIA_TYPE,
                offset -> new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset),
                patience,
                cancellation);
        return manifest.digest();
    }

    /**
     * Uploads the checkpoint of a border that the attempt has sealed.
     *
     * @return the manifest's digest
     * @throws Failure when the job changed the files after the border was sealed
     */
    ContentId checkpoint(
            AttemptRecord attempt,
            int border,
            JobFiles files,
            BorderHasher hasher,
            Duration patience,
            Cancellation cancellation)
            throws IOException, InterruptedException, Failure {
        var directory = files.checkpoint(border);
        var manifest = manifest(
                directory,
                attempt.segment(border),
                hasher,
                attempt.work().spec().resources().disk());
        return directory(directory, manifest, patience, cancellation);
    }

    /**
     * Uploads the outputs that were sealed.
     *
     * @throws Failure when they are no longer what was sealed
     */
    void outputs(AttemptRecord attempt, ContentId sealed, JobFiles files, Cancellation cancellation)
            throws IOException, InterruptedException, Failure {
        var spec = attempt.work().spec();
        var manifest = OutputContract.outputs(spec, files);
        if (!manifest.digest().equals(sealed)) {
            throw OutputContract.broken(
                    "Expected outputs/ to stay as it was when it was sealed, but its files changed");
        }
        directory(files.outputs(), manifest, Duration.ofSeconds(spec.deadlines().upload()), cancellation);
    }

    /**
     * The manifest of a border's four files.
     *
     * @throws Failure when the job changed them after the border was sealed
     */
    private static Manifest manifest(Path directory, SegmentHashes sealed, BorderHasher hasher, long mostBytes)
            throws IOException, Failure {
        var files = new ArrayList<FileEntry>();
        try {
            if (!hasher.hash(sealed.border(), directory).equals(sealed)) {
                throw OutputContract.broken(
                        "Expected checkpoints/%d/ to stay as it was when DONE appeared, but its files changed"
                                .formatted(sealed.border()));
            }
            for (var entry : JobWritten.tree(directory, Manifest.MAX_FILES, mostBytes)) {
                if (CheckpointHasher.FILES.contains(entry.path())) {
                    files.add(new FileEntry(entry.path(), entry.size(), entry.sha256()));
                }
            }
        } catch (JobWritten.Unacceptable e) {
            throw OutputContract.broken(
                    "Expected checkpoints/%d/ to hold plain files, but: %s".formatted(sealed.border(), e.getMessage()));
        }
        return new Manifest(files);
    }
}
