package io.perigee.agent.execution;

import io.perigee.agent.capability.ClassBook;
import io.perigee.agent.gateway.HubLink;
import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.SandboxPolicy;
import io.perigee.agent.store.DiskReserve;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What every attempt of one agent shares.
 *
 * @param boot of the machine now, see {@link Boot}
 */
record Tools(
        AttemptStore store,
        EvidenceStore evidence,
        ContainerRuntime runtime,
        SandboxPolicy policy,
        Images images,
        Workspace workspace,
        Uploads uploads,
        BorderHasher hasher,
        ClassBook classes,
        DiskReserve reserve,
        Sealer sealer,
        HubLink hub,
        Clock clock,
        @Nullable String boot,
        ExecutionTiming timing) {

    /**
     * Waits and rhythms of an attempt.
     *
     * @param look how often a running job's files are looked at
     * @param progress shortest time between two progress messages
     * @param diskCheck how often the disk limit is checked
     * @param grace between SIGTERM and SIGKILL
     * @param enginePatience how long a silent engine is waited for
     * @param checkpointEvery after how many borders a checkpoint is uploaded unasked
     * @param closeAfter how long after its lease an attempt without verdict is kept
     */
    public record ExecutionTiming(
            Duration look,
            Duration progress,
            Duration diskCheck,
            Duration grace,
            Duration enginePatience,
            int checkpointEvery,
            Duration closeAfter) {

        /**
         * When an attempt without verdict is given up. Until the order's deadline others may be running its segments
         * again; after it nothing can be proven. One that failed left nothing to be proven.
         */
        Instant givenUpAt(AttemptRecord attempt) {
            var lease = Instant.ofEpochSecond(attempt.work().assignment().leaseUntil())
                    .plus(closeAfter);
            var order = Instant.ofEpochSecond(attempt.work().order().deadline());
            return attempt.phase() instanceof Phase.Failed || lease.isAfter(order) ? lease : order;
        }
    }
}
