package io.perigee.agent.sandbox;

import io.perigee.protocol.id.ContentId;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything an engine is told about one job's container, and nothing it may decide itself.
 *
 * <p>What no value can say cannot happen: there is no field for privileges, added capabilities, devices, other
 * namespaces, published ports or an image by tag. The engine adapters print this record and add nothing.
 *
 * @param name unique on the engine; starting the same name twice finds the first container
 * @param image OCI config digest
 * @param command what the image's entry point is told; empty for what the image itself says
 * @param environment the container contract's variables
 * @param labels what reconciliation looks for
 * @param user numeric user and group, never root
 * @param memoryBytes memory limit, which is also the limit of memory and swap together
 * @param nanoCpus CPU quota in billionths of a core
 * @param pids most processes and threads
 * @param scratch the only writable file system of the container's own
 * @param mounts host directories and files of this attempt
 * @param gpus UUIDs of leased GPUs; empty for most jobs
 * @param logBytes most bytes of output the engine keeps
 * @param runtime a stronger OCI runtime such as {@code runsc}; empty for the engine's default
 */
public record ContainerSpec(
        String name,
        ContentId image,
        List<String> command,
        Map<String, String> environment,
        Map<String, String> labels,
        User user,
        long memoryBytes,
        long nanoCpus,
        int pids,
        Scratch scratch,
        List<Mount> mounts,
        List<String> gpus,
        long logBytes,
        Optional<String> runtime) {

    public ContainerSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        labels = Map.copyOf(labels);
        mounts = List.copyOf(mounts);
        gpus = List.copyOf(gpus);
        require(memoryBytes >= 6L << 20, "at least 6 MiB of memory", memoryBytes);
        require(nanoCpus > 0, "a positive CPU quota", nanoCpus);
        require(pids > 0, "a positive process limit", pids);
        require(logBytes > 0, "a positive log limit", logBytes);
        var targets = new HashSet<String>();
        for (var mount : mounts) {
            if (!targets.add(mount.target())) {
                throw new IllegalArgumentException(
                        "Expected one mount per target, but '" + mount.target() + "' has two");
            }
        }
    }

    private static void require(boolean holds, String what, long actual) {
        if (!holds) {
            throw new IllegalArgumentException("Expected %s, but it is %d".formatted(what, actual));
        }
    }

    /** A numeric user inside the container; root is refused. */
    public record User(int uid, int gid) {
        /** The kernel's "nobody". */
        public static final User NOBODY = new User(65534, 65534);

        public User {
            if (uid <= 0 || gid <= 0) {
                throw new IllegalArgumentException(
                        "Expected a user and group other than root, but they are %d:%d".formatted(uid, gid));
            }
        }

        @Override
        public String toString() {
            return uid + ":" + gid;
        }
    }

    /**
     * /tmp: in memory, sized, and never a place to execute from.
     *
     * @param owner the job's user
     */
    public record Scratch(String target, long bytes, User owner) {
        public Scratch {
            require(bytes > 0, "a positive scratch size", bytes);
        }
    }

    /**
     * One host path shown to the container.
     *
     * @param source absolute and normalised
     * @param target absolute path inside, below /perigee
     */
    public record Mount(Path source, String target, boolean readOnly) {
        public Mount {
            if (!source.isAbsolute() || !source.equals(source.normalize())) {
                throw new IllegalArgumentException(
                        "Expected an absolute, normalised source, but it is '" + source + "'");
            }
            if (!target.startsWith("/perigee/") || target.contains("..")) {
                throw new IllegalArgumentException("Expected a target below /perigee, but it is '" + target + "'");
            }
        }
    }
}
