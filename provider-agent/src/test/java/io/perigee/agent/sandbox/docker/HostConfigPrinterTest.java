package io.perigee.agent.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import io.perigee.agent.sandbox.ContainerSpec;
import io.perigee.agent.sandbox.ContainerSpec.User;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.ContentId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class HostConfigPrinterTest {
    private static final ContainerSpec SPEC = new ContainerSpec(
            "perigee-x",
            ContentId.parse("sha256:" + "1".repeat(64)),
            List.of(),
            Map.of(),
            Map.of(),
            User.NOBODY,
            100_000_000,
            2_000_000_000,
            77,
            new ContainerSpec.Scratch("/tmp", 4_096, User.NOBODY),
            List.of(new ContainerSpec.Mount(Path.of("/a/job.json"), "/perigee/job.json", true)),
            List.of(),
            1_000,
            Optional.empty());

    @Test
    void shouldPrintEveryWall() {
        // given
        var spec = SPEC;

        // when
        var host = HostConfigPrinter.print(spec, false);

        // then
        assertThat(host.getNetworkMode()).isEqualTo("none");
        assertThat(host.getReadonlyRootfs()).isTrue();
        assertThat(host.getCapDrop()).containsExactly(Capability.ALL);
        assertThat(host.getSecurityOpts()).containsExactly("no-new-privileges");
        assertThat(host.getPidsLimit()).isEqualTo(77);
        assertThat(host.getMemory()).isEqualTo(100_000_000).isEqualTo(host.getMemorySwap());
        assertThat(host.getNanoCPUs()).isEqualTo(2_000_000_000L);
        assertThat(host.getPrivileged()).isFalse();
        assertThat(host.getIpcMode()).isEqualTo("private");
        assertThat(host.getTmpFs())
                .isEqualTo(Map.of("/tmp", "rw,noexec,nosuid,nodev,mode=1777,size=4096,uid=65534,gid=65534"));
        assertThat(host.getLogConfig().getConfig()).isEqualTo(Map.of("max-size", "1000", "max-file", "1"));
        assertThat(host.getMounts()).singleElement().satisfies(mount -> {
            assertThat(mount.getReadOnly()).isTrue();
            assertThat(mount.getSource()).isEqualTo("/a/job.json");
        });
    }

    /** A new setting in this list is a new hole until somebody thought about it. */
    @Test
    void shouldPrintNothingElse() {
        // given
        var spec = SPEC;

        // when
        var printed = Json.mapper().valueToTree(HostConfigPrinter.print(spec, false));

        // then
        var names = new TreeSet<String>();
        printed.properties().forEach(p -> {
            if (!p.getValue().isNull()) {
                names.add(p.getKey());
            }
        });
        assertThat(names)
                .containsExactly(
                        "CapDrop",
                        "IpcMode",
                        "LogConfig",
                        "Memory",
                        "MemorySwap",
                        "Mounts",
                        "NanoCpus",
                        "NetworkMode",
                        "PidsLimit",
                        "Privileged",
                        "ReadonlyRootfs",
                        "SecurityOpt",
                        "Tmpfs",
                        "Ulimits");
    }

    @Test
    void shouldLendOnlyTheGpusThatWereLeased() {
        // given
        var spec = new ContainerSpec(
                "perigee-x",
                SPEC.image(),
                List.of(),
                Map.of(),
                Map.of(),
                User.NOBODY,
                SPEC.memoryBytes(),
                SPEC.nanoCpus(),
                77,
                SPEC.scratch(),
                List.of(),
                List.of("GPU-1", "GPU-2"),
                1_000,
                Optional.of("runsc"));

        // when
        var host = HostConfigPrinter.print(spec, false);

        // then
        assertThat(host.getDeviceRequests()).singleElement().satisfies(request -> assertThat(request.getDeviceIds())
                .containsExactly("GPU-1", "GPU-2"));
        assertThat(host.getRuntime()).isEqualTo("runsc");
    }
}
