package io.perigee.agent.execution;

import io.perigee.agent.artifact.ArtifactException;
import io.perigee.agent.artifact.ArtifactStore;
import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.artifact.ContentCache;
import io.perigee.agent.sandbox.ImageStore;
import io.perigee.agent.store.DiskReserve;
import io.perigee.image.ImageArchive;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.TrainerInfo;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Sees to it that the engine holds a job's image, by exactly its config digest. */
final class Images {
    private static final int REMEMBERED = 1_000;
    /** How long another image may be loaded before it is asked again whether this one is still wanted. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final ImageStore images;
    private final LoadedImages loaded;
    private final ArtifactStore artifacts;
    private final ContentCache cache;
    private final DiskReserve reserve;
    private final long largestArchive;
    private final Duration patience;
    private final ReentrantLock loading = new ReentrantLock();
    private final Set<String> tooLarge = ConcurrentHashMap.newKeySet();

    Images(
            ImageStore images,
            LoadedImages loaded,
            ArtifactStore artifacts,
            ContentCache cache,
            DiskReserve reserve,
            long largestArchive,
            Duration patience) {
        this.images = images;
        this.loaded = loaded;
        this.artifacts = artifacts;
        this.cache = cache;
        this.reserve = reserve;
        this.largestArchive = largestArchive;
        this.patience = patience;
    }

    /** Loads the image unless the engine has it, and refuses one that would bring writable places of its own. */
    void require(JobSpec spec, Cancellation cancellation) throws IOException, InterruptedException, Failure {
        while (!loading.tryLock(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            cancellation.check();
        }
        try {
            hold(spec, cancellation);
        } finally {
            loading.unlock();
        }
        var volumes = images.volumes(spec.image());
        if (!volumes.isEmpty()) {
            throw new Failure(
                    FailureKind.BAD_SPEC,
                    "Expected an image without volumes, but '%s' declares %s".formatted(spec.image(), volumes));
        }
    }

    private void hold(JobSpec spec, Cancellation cancellation) throws IOException, InterruptedException, Failure {
        if (images.has(spec.image())) {
            loaded.wanted(spec.image());
            return;
        }
        var archive = archive(spec, cancellation);
        Path file;
        try {
            file = cache.fetch(archive, largestArchive, patience, cancellation);
        } catch (ArtifactException e) {
            throw new Failure(
                    e.tooLarge() ? tooLarge(spec) : FailureKind.INPUT_UNAVAILABLE,
                    "Expected to fetch the image archive '%s', but: %s".formatted(archive, e.getMessage()));
        }
        // an engine's disk is often the same
        reserve.require();
        loaded.load(spec.image());
        try {
            ImageTransfer.load(new ImageArchive(file, spec.image(), largestArchive)::writeTo, images, cancellation);
        } catch (ImageArchive.TooLargeHere e) {
            remember(spec);
            throw new Failure(FailureKind.ENGINE, String.valueOf(e.getMessage()));
        }
        if (!images.has(spec.image())) {
            throw new Failure(
                    FailureKind.ENGINE,
                    "Expected the engine to hold image '%s' after loading it, but it does not know it by that digest"
                            .formatted(spec.image()));
        }
        loaded.makeRoom();
    }

    /** An owner that is asked for what no owner takes has not failed; one that takes less than others has. */
    private FailureKind tooLarge(JobSpec spec) {
        if (largestArchive >= SpecLimits.IMAGE) {
            return FailureKind.BAD_SPEC;
        }
        remember(spec);
        return FailureKind.ENGINE;
    }

    private void remember(JobSpec spec) {
        if (tooLarge.size() < REMEMBERED) {
            tooLarge.add(name(spec));
        }
    }

    /** Whether its image was found to be above the owner's bound before, though others may take it. */
    boolean isTooLarge(JobSpec spec) {
        return tooLarge.contains(name(spec));
    }

    private static String name(JobSpec spec) {
        return spec.image() + " of " + spec.imageSource();
    }

    private ContentId archive(JobSpec spec, Cancellation cancellation)
            throws IOException, InterruptedException, Failure {
        var uploaded = spec.imageArtifact();
        if (uploaded.isPresent()) {
            return uploaded.get();
        }
        if (!spec.imageSource().equals("trainer")) {
            throw new Failure(
                    FailureKind.INPUT_UNAVAILABLE,
                    "Expected an image that comes as an artifact, but '%s' is at '%s', and this agent pulls from no registry"
                            .formatted(spec.image(), spec.imageSource()));
        }
        return artifacts.hub(patience, cancellation).trainers().stream()
                .filter(trainer ->
                        trainer.name().equals(spec.trainer()) && trainer.image().equals(spec.image()))
                .map(TrainerInfo::archive)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new Failure(
                        FailureKind.INPUT_UNAVAILABLE,
                        "Expected the engine to hold image '%s' of trainer '%s', or the hub to name an archive of it, but neither is so"
                                .formatted(spec.image(), spec.trainer())));
    }
}
