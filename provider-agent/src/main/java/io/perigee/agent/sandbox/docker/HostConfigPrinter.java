package io.perigee.agent.sandbox.docker;

import com.github.dockerjava.api.model.BindOptions;
import com.github.dockerjava.api.model.BindPropagation;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ulimit;
import io.perigee.agent.sandbox.ContainerSpec;
import java.util.List;
import java.util.Map;

/** Prints a {@link ContainerSpec} in the Docker API's words, adding what holds for every job and deciding nothing. */
final class HostConfigPrinter {
    private HostConfigPrinter() {}

    /** @param podman whether the engine is Podman, which knows fewer options of a tmpfs */
    static HostConfig print(ContainerSpec spec, boolean podman) {
        var host = HostConfig.newHostConfig()
                .withNetworkMode("none")
                .withIpcMode("private")
                .withPrivileged(false)
                .withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                // No "seccomp=…" entry: the engine's default filter stays on.
                .withSecurityOpts(List.of("no-new-privileges"))
                .withPidsLimit((long) spec.pids())
                // the kernel writes a core where the host says, which is counted nowhere
                .withUlimits(List.of(new Ulimit("core", 0L, 0L)))
                .withMemory(spec.memoryBytes())
                .withMemorySwap(spec.memoryBytes())
                .withNanoCPUs(spec.nanoCpus())
                .withTmpFs(Map.of(spec.scratch().target(), scratch(spec.scratch(), podman)))
                .withMounts(spec.mounts().stream().map(HostConfigPrinter::mount).toList())
                .withLogConfig(new LogConfig(
                        LogConfig.LoggingType.JSON_FILE,
                        Map.of("max-size", Long.toString(spec.logBytes()), "max-file", "1")));
        spec.runtime().ifPresent(host::withRuntime);
        if (!spec.gpus().isEmpty()) {
            host.withDeviceRequests(List.of(new DeviceRequest()
                    .withDriver("nvidia")
                    .withDeviceIds(spec.gpus())
                    .withCapabilities(List.of(List.of("gpu", "compute", "utility")))));
        }
        return host;
    }

    /** runc gives the mount the mode of the image's own /tmp, which may be closed to the job's user; so it owns it. */
    private static String scratch(ContainerSpec.Scratch scratch, boolean podman) {
        var options = "rw,noexec,nosuid,nodev,mode=1777,size=" + scratch.bytes();
        return podman
                ? options
                : options
                        + ",uid=%d,gid=%d"
                                .formatted(
                                        scratch.owner().uid(), scratch.owner().gid());
    }

    /** A mount and not a bind string: an absent source is an error here, and would be created as root there. */
    private static Mount mount(ContainerSpec.Mount mount) {
        return new Mount()
                .withType(MountType.BIND)
                .withSource(mount.source().toString())
                .withTarget(mount.target())
                .withReadOnly(mount.readOnly())
                .withBindOptions(new BindOptions().withPropagation(BindPropagation.R_PRIVATE));
    }
}
