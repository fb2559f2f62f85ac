package io.perigee.agent.capability;

import io.perigee.protocol.offer.Hardware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import oshi.SystemInfo;

/** Looks at the machine once, at the start: OSHI for processor and memory, nvidia-smi for GPUs. */
public final class MachineScan {
    private static final Duration GPU_TOOL = Duration.ofSeconds(10);
    private static final Set<String> DECISIVE = Set.of("avx", "avx2", "avx512f", "fma", "neon", "sve");

    private MachineScan() {}

    public static Machine scan() {
        var system = new SystemInfo();
        var processor = system.getHardware().getProcessor();
        var hardware = new Hardware(
                system.getOperatingSystem().getFamily(),
                System.getProperty("os.arch"),
                processor.getProcessorIdentifier().getName().strip(),
                // What this process may use: a container or a cgroup may lend less than the machine has.
                Math.min(
                        processor.getLogicalProcessorCount(),
                        Runtime.getRuntime().availableProcessors()),
                features());
        long memory = Math.min(system.getHardware().getMemory().getTotal(), memoryLimit());
        return new Machine(hardware, memory, NvidiaSmi.gpus("nvidia-smi", GPU_TOOL));
    }

    private static List<String> features() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("flags") || line.startsWith("Features")).findFirst().stream()
                    .flatMap(line -> Arrays.stream(
                            line.substring(line.indexOf(':') + 1).strip().split(" ")))
                    .filter(DECISIVE::contains)
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of();
        }
    }

    private static long memoryLimit() {
        for (var file : List.of("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")) {
            try {
                return Long.parseLong(Files.readString(Path.of(file)).strip());
            } catch (IOException | NumberFormatException e) {
                // Not this version of cgroups, or "max".
            }
        }
        return Long.MAX_VALUE;
    }
}
