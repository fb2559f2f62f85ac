package io.perigee.agent.testing;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.perigee.agent.sandbox.docker.DockerEngine;
import io.perigee.agent.store.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real dockerd of this test run alone: its own data, no bridge, no firewall rules, so that it touches nothing else on
 * the machine. Started once per JVM, ended with it.
 *
 * <p>{@code -DargLine=-Dperigee.test.engine=unix:///run/podman/podman.sock} runs the same tests against another engine.
 */
public final class PrivateEngine {
    private static @Nullable PrivateEngine started;

    private final URI address;

    private PrivateEngine(URI address) {
        this.address = address;
    }

    public static synchronized PrivateEngine get() {
        if (started == null) {
            var other = System.getProperty("perigee.test.engine");
            started = other == null ? start() : new PrivateEngine(URI.create(other));
        }
        return started;
    }

    public URI address() {
        return address;
    }

    public DockerEngine connect() {
        return new DockerEngine(address(), Duration.ofMinutes(2));
    }

    /** Tags the engine holds: an archive of a stranger must leave none. */
    public List<String> tags() {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(address().toString())
                .withDockerTlsVerify(false)
                .withApiVersion("1.41")
                .build();
        var http = new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost())
                .build();
        try (var client = DockerClientImpl.getInstance(config, http)) {
            return client.listImagesCmd().exec().stream()
                    .flatMap(image -> image.getRepoTags() == null ? Stream.of() : Stream.of(image.getRepoTags()))
                    .filter(tag -> !tag.startsWith("<none>"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrivateEngine start() {
        try {
            // Short: the path of a unix socket ends at 108 bytes.
            var directory = Files.createTempDirectory(
                    "pgd", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var command = List.of(
                    dockerd(),
                    "--data-root",
                    directory.resolve("data").toString(),
                    "--exec-root",
                    directory.resolve("exec").toString(),
                    "--pidfile",
                    directory.resolve("pid").toString(),
                    "-H",
                    "unix://" + directory.resolve("s"),
                    "--iptables=false",
                    "--ip6tables=false",
                    "--bridge=none",
                    "--ip-forward=false",
                    "--ip-masq=false",
                    "--userland-proxy=false");
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, directory)));
            var engine = new PrivateEngine(URI.create("unix://" + directory.resolve("s")));
            engine.awaitUp(process, directory);
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String dockerd() {
        for (var candidate : List.of("/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd")) {
            if (Files.isExecutable(Path.of(candidate))) {
                return candidate;
            }
        }
        throw new IllegalStateException(
                "Expected dockerd for the container tests, but it is not installed (Debian: apt-get install docker.io)");
    }

    private void awaitUp(Process process, Path directory) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (var engine = connect()) {
                engine.describe();
                return;
            } catch (RuntimeException e) {
                pause();
            }
        }
        throw new IllegalStateException(
                "Expected dockerd to answer, but it said: " + Files.readString(directory.resolve("log")));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stop(Process process, Path directory) {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            DurableFiles.deleteTree(directory);
        } catch (IOException | InterruptedException e) {
            System.err.println("Left behind: " + directory + " (" + e.getMessage() + ")");
        }
    }
}
