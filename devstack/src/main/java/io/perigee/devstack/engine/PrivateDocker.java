package io.perigee.devstack.engine;

import io.perigee.devstack.Expected;
import io.perigee.testkit.process.Child;
import io.perigee.testkit.process.Directories;
import io.perigee.testkit.process.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A Docker daemon of our own: own data, own socket, and no hand on the host's network. */
public final class PrivateDocker implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Child child;
    private final Path run;
    private final ContainerEngine engine;

    private PrivateDocker(Child child, Path run, ContainerEngine engine) {
        this.child = child;
        this.run = run;
        this.engine = engine;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param data keeps images between runs
     */
    static PrivateDocker start(Path data) {
        // the paths of Unix sockets end at 108 bytes, and the daemon appends its own names
        Path run = Directories.temporary("pgd");
        Path socket = run.resolve("d.sock");
        var words = List.of(
                "dockerd",
                "--data-root",
                data.toString(),
                "--exec-root",
                run.resolve("x").toString(),
                "--pidfile",
                run.resolve("d.pid").toString(),
                "-H",
                "unix://" + socket,
                "--iptables=false",
                "--ip6tables=false",
                "--bridge=none",
                "--ip-forward=false",
                "--ip-masq=false",
                "--userland-proxy=false");
        Path log = data.resolveSibling("logs").resolve("dockerd.log");
        // TERM: it ends its containers and its containerd before itself
        Child child = Child.start(new Child.Command("dockerd", words, log).dyingBy("TERM"));
        try {
            child.awaitReady(Patience.start(), () -> ContainerEngine.ask(socket).isPresent());
        } catch (IllegalStateException e) {
            Directories.delete(run);
            throw new Expected(
                    String.valueOf(e.getMessage()),
                    "Read " + log + "; a machine that forbids mounts or cgroups cannot run one",
                    e);
        }
        String name = ContainerEngine.ask(socket).orElse("Docker");
        return new PrivateDocker(child, run, new ContainerEngine(socket, name, false));
    }

    ContainerEngine engine() {
        return engine;
    }

    public Child child() {
        return child;
    }

    /** Stops the daemon and with it every container; images stay for the next run. */
    @Override
    public void close() {
        child.stop(STOP_TIMEOUT);
        Directories.delete(run);
    }
}
