package io.perigee.agent.execution;

import io.perigee.agent.artifact.ArtifactStore;
import io.perigee.agent.artifact.ContentCache;
import io.perigee.agent.capability.ClassBook;
import io.perigee.agent.execution.Tools.ExecutionTiming;
import io.perigee.agent.gateway.HubLink;
import io.perigee.agent.identity.AgentHome;
import io.perigee.agent.identity.Enrolment;
import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.ImageStore;
import io.perigee.agent.sandbox.SandboxPolicy;
import io.perigee.agent.store.DiskReserve;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.spec.SpecLimits;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/** Puts together what runs attempts. */
public final class Execution {
    private static final int REMEMBERED = 500;
    /** Some 100 kB each at most. */
    private static final int MOST_EVIDENCE = 20_000;

    private Execution() {}

    /**
     * Bounds and rhythms.
     *
     * @param cacheBytes size of the artifact cache
     * @param loadedImages bytes of all images in the engine that jobs brought
     * @param largestImageArchive bytes of one docker-archive
     * @param mostKept bytes of finished work without a verdict beyond which no new work is taken
     * @param reserve bytes of the disk that jobs leave free
     * @param mostBond the most that one assignment may put at risk
     * @param checkpointEvery after how many borders a checkpoint is uploaded unasked
     * @param inputPatience how long the hub is asked again for an input
     */
    public record Settings(
            long cacheBytes,
            long loadedImages,
            long largestImageArchive,
            long mostKept,
            long reserve,
            MostBond mostBond,
            int checkpointEvery,
            Duration inputPatience,
            Duration grace,
            Duration progress) {
        public Settings {
            if (checkpointEvery < 1 || checkpointEvery > SpecLimits.BORDERS) {
                throw new IllegalArgumentException("Expected perigee.agent.checkpoint-every from 1 to %d, but got %d"
                        .formatted(SpecLimits.BORDERS, checkpointEvery));
            }
        }
    }

    public static Attempts attempts(
            AgentHome home,
            Enrolment enrolment,
            KeyPair key,
            ContainerRuntime runtime,
            ImageStore images,
            SandboxPolicy policy,
            ArtifactStore artifacts,
            BorderHasher hasher,
            ClassBook classes,
            HubLink hub,
            Attempts.Surroundings surroundings,
            Settings settings,
            Clock clock)
            throws IOException {
        var reserve = DiskReserve.of(home.attempts(), settings.reserve());
        var store = new AttemptStore(home.attempts(), home.history(), REMEMBERED);
        var cache = new ContentCache(home.cache(), settings.cacheBytes(), artifacts, reserve, clock);
        if (store.open().stream().noneMatch(attempt -> attempt.phase().computing())) {
            cache.dropParts();
        }
        var sealer = new Sealer(key, enrolment.domain());
        var tools = new Tools(
                store,
                new EvidenceStore(home.evidence(), sealer, enrolment, REMEMBERED, MOST_EVIDENCE, clock),
                runtime,
                policy,
                new Images(
                        images,
                        new LoadedImages(home.images(), settings.loadedImages(), images, clock),
                        artifacts,
                        cache,
                        reserve,
                        settings.largestImageArchive(),
                        settings.inputPatience()),
                new Workspace(cache, settings.inputPatience()),
                new Uploads(artifacts),
                hasher,
                classes,
                reserve,
                sealer,
                hub,
                clock,
                Boot.present(),
                new ExecutionTiming(
                        Duration.ofMillis(200),
                        settings.progress(),
                        Duration.ofSeconds(5),
                        settings.grace(),
                        Duration.ofMinutes(2),
                        settings.checkpointEvery(),
                        Duration.ofHours(1)));
        return new Attempts(enrolment, tools, settings.mostKept(), settings.mostBond(), surroundings);
    }
}
