package io.perigee.benchmarks.matching;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where something was measured, and what else the machine was doing. */
public final class Machine {
    private static final Path CPUS = Path.of("/proc/cpuinfo");

    private Machine() {}

    public static void print(PrintStream out) {
        var system = ManagementFactory.getOperatingSystemMXBean();
        out.printf(
                "%s, %d processors, %s %s, JVM %s, heap %d MiB, load %.1f%n%n",
                processor(),
                system.getAvailableProcessors(),
                system.getName(),
                system.getArch(),
                Runtime.version(),
                Runtime.getRuntime().maxMemory() >> 20,
                system.getSystemLoadAverage());
    }

    private static String processor() {
        try {
            return Files.readAllLines(CPUS).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("an unnamed processor");
        } catch (IOException e) {
            return "an unknown processor (%s)".formatted(e.getMessage());
        }
    }
}
