package io.perigee.devstack.engine;

import io.perigee.devstack.Console;
import io.perigee.devstack.Expected;
import io.perigee.testkit.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Finds an engine that runs, else starts a private one, else installs the distribution's first when it may. */
public final class EngineFinder {
    /** Whether missing programs may be installed. */
    public enum Install {
        /** As root yes, otherwise no. */
        WHEN_ROOT,
        YES,
        NO
    }

    private static final String PACKAGE = "docker.io";

    private final Console console;
    private final Install install;
    private final Path state;

    /** @param state where a private engine keeps its images between runs */
    public EngineFinder(Console console, Install install, Path state) {
        this.console = console;
        this.install = install;
        this.state = state;
    }

    /** An engine to use, with what must be closed to end it when it is ours. */
    public record Lease(ContainerEngine engine, Optional<PrivateDocker> daemon) implements AutoCloseable {
        @Override
        public void close() {
            daemon.ifPresent(PrivateDocker::close);
        }
    }

    /**
     * @throws Expected when there is none and none may be installed; it says what to install
     */
    public Lease find() {
        for (Path socket : sockets()) {
            Optional<String> name = Files.exists(socket) ? ContainerEngine.ask(socket) : Optional.empty();
            if (name.isPresent()) {
                return new Lease(new ContainerEngine(socket, name.get(), true), Optional.empty());
            }
        }
        if (!Child.onPath("dockerd")) {
            installDocker();
        }
        if (!root()) {
            throw new Expected(
                    "Expected to find a container engine that answers, but no socket of Docker or Podman does",
                    "Start Docker ('sudo systemctl start docker', and be in the group 'docker') or Podman"
                            + " ('systemctl --user start podman.socket'), or run this as root");
        }
        console.announce("starting a private Docker daemon (data in " + state.resolve("docker")
                + "; the host's network is left alone)");
        PrivateDocker daemon = PrivateDocker.start(state.resolve("docker"));
        return new Lease(daemon.engine(), Optional.of(daemon));
    }

    private void installDocker() {
        if (install == Install.NO || (install == Install.WHEN_ROOT && !root())) {
            throw new Expected(
                    "Expected to find a container engine, but neither a socket of Docker or Podman answers nor is 'dockerd' installed",
                    "Install one: 'sudo apt-get install " + PACKAGE + "', or run this with --install");
        }
        if (!Child.onPath("apt-get")) {
            throw new Expected(
                    "Expected to install a container engine with apt-get, but this is no Debian-like distribution",
                    "Install Docker or Podman with your distribution's tool");
        }
        var words = new ArrayList<String>();
        if (!root()) {
            words.add("sudo");
        }
        words.addAll(List.of(
                "apt-get", "-o", "DPkg::Lock::Timeout=300", "install", "-y", "--no-install-recommends", PACKAGE));
        console.announce("installing the distribution's " + PACKAGE + ": " + String.join(" ", words));
        try (var _ = NoServiceStart.arrange()) {
            runInstall(words);
        }
    }

    private void runInstall(List<String> words) {
        Path log = state.resolve("logs/install.log");
        try {
            Files.createDirectories(log.getParent());
            int status = attempt(words, log);
            if (status != 0) {
                var update = new ArrayList<>(words.subList(0, words.indexOf("apt-get") + 1));
                update.add("update");
                console.announce("refreshing the package lists: " + String.join(" ", update));
                attempt(update, log);
                status = attempt(words, log);
            }
            if (status != 0 || !Child.onPath("dockerd")) {
                throw new Expected(
                        "Expected to install " + PACKAGE + ", but apt-get ended with status " + status,
                        "Read " + log + ", or install a container engine by hand");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int attempt(List<String> words, Path log) throws IOException {
        var builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        Process process = builder.start();
        try {
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static Set<Path> sockets() {
        var sockets = new LinkedHashSet<Path>();
        String host = System.getenv("DOCKER_HOST");
        if (host != null && host.startsWith("unix://")) {
            sockets.add(Path.of(host.substring("unix://".length())));
        }
        sockets.add(Path.of("/var/run/docker.sock"));
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isBlank()) {
            sockets.add(Path.of(runtime, "docker.sock"));
            sockets.add(Path.of(runtime, "podman", "podman.sock"));
        }
        sockets.add(Path.of("/run/podman/podman.sock"));
        return sockets;
    }
}
