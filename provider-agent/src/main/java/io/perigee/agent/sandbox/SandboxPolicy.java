package io.perigee.agent.sandbox;

import io.perigee.agent.sandbox.ContainerSpec.User;
import java.util.Optional;

/**
 * The owner's limits for one container. A job that wants more is refused, never silently given less.
 *
 * @param maxMemoryBytes most memory one container may have
 * @param maxCpus most cores one container may have
 * @param maxDiskBytes most bytes a job may ask for
 * @param maxGpus most GPUs one container may have
 * @param pids most processes and threads
 * @param scratchBytes size of /tmp, counted in the container's memory
 * @param logBytes most bytes of output kept
 * @param user who the job runs as
 * @param runtime a stronger OCI runtime when the engine has one
 */
public record SandboxPolicy(
        long maxMemoryBytes,
        int maxCpus,
        long maxDiskBytes,
        int maxGpus,
        int pids,
        long scratchBytes,
        long logBytes,
        User user,
        Optional<String> runtime) {}
