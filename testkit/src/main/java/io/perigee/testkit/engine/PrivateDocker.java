package io.perigee.testkit.engine;

import io.perigee.testkit.process.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real dockerd for programs that call {@code docker}: its own data, no bridge, no firewall rules. Started once per JVM,
 * ended with it.
 */
public final class PrivateDocker {
    private static @Nullable PrivateDocker started;

    private final Path directory;
    private final Process process;

    private PrivateDocker(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    public static synchronized PrivateDocker get() {
        if (started == null) {
            started = start();
        }
        return started;
    }

    /** The variable by which {@code docker} finds it. */
    public Map<String, String> address() {
        return Map.of("DOCKER_HOST", "unix://" + directory.resolve("s"));
    }

    /** What {@code docker} says to these words. */
    public String says(String... words) {
        try {
            var command = new ArrayList<>(List.of("docker"));
            command.addAll(List.of(words));
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(address());
            return new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrivateDocker start() {
        try {
            // short: the path of a unix socket ends at 108 bytes
            var directory = Files.createTempDirectory(
                    "pgd", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var process = new ProcessBuilder(
                            "dockerd",
                            "--data-root=" + directory.resolve("data"),
                            "--exec-root=" + directory.resolve("exec"),
                            "--pidfile=" + directory.resolve("pid"),
                            "--host=unix://" + directory.resolve("s"),
                            "--iptables=false",
                            "--ip6tables=false",
                            "--bridge=none",
                            "--ip-forward=false",
                            "--ip-masq=false",
                            "--userland-proxy=false")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            var docker = new PrivateDocker(directory, process);
            Runtime.getRuntime().addShutdownHook(new Thread(docker::stop));
            Await.until(
                    Duration.ofSeconds(30),
                    Duration.ofMillis(100),
                    () -> docker.says("version", "--format", "{{.Server.Version}}")
                            .matches("[0-9][^ ]*\\s*"),
                    () -> "dockerd does not answer: " + docker.log());
            return docker;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected dockerd for the container tests, but it does not start (Debian: apt-get install docker.io)",
                    e);
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stop() {
        process.destroy();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
            try (var files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("Left behind: " + directory + " (" + e.getMessage() + ")");
        }
    }
}
