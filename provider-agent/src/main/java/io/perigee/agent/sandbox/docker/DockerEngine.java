package io.perigee.agent.sandbox.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.Info;
import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.ContainerSpec;
import io.perigee.agent.sandbox.ContainerState;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.EngineFacts;
import io.perigee.agent.sandbox.ImageStore;
import io.perigee.protocol.id.ContentId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Docker or Podman behind their common API. Connects when first used and again after the engine was away. */
public final class DockerEngine implements ContainerRuntime, ImageStore, AutoCloseable {
    private static final Duration LOGS = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final int KILLED = 137;
    /** An image may ask for one, and the engine would run it beside the job for as long as it likes. */
    private static final HealthCheck NO_HEALTH_CHECK = new HealthCheck().withTest(List.of("NONE"));

    private final URI address;
    private final Duration response;
    /** Containers this agent killed and has not removed yet. */
    private final Set<String> killed = ConcurrentHashMap.newKeySet();

    private @Nullable DockerConnection connection;

    /**
     * @param address {@code unix:///path/to/docker.sock}
     * @param response longest silence of the engine inside one call; loading a large image is one call
     */
    public DockerEngine(URI address, Duration response) {
        this.address = address;
        this.response = response;
    }

    @Override
    public EngineFacts describe() {
        return call("describe the engine", () -> {
            var info = info();
            var version = client().versionCmd().exec();
            var runtimes = info.getRuntimes() == null
                    ? Set.<String>of()
                    : info.getRuntimes().keySet();
            return new EngineFacts(
                    connection().podman() ? "Podman" : "Docker",
                    version.getVersion(),
                    runtimes,
                    MissingLimits.of(info));
        });
    }

    /** An engine that was replaced by one of other versions refuses the version that was agreed on with the old one. */
    private Info info() {
        try {
            return client().infoCmd().exec();
        } catch (BadRequestException e) {
            close();
            return client().infoCmd().exec();
        }
    }

    @Override
    public boolean has(ContentId image) {
        return call("look for the image", () -> {
            try {
                return image.value()
                        .equals(client().inspectImageCmd(image.value()).exec().getId());
            } catch (NotFoundException e) {
                return false;
            }
        });
    }

    @Override
    public Set<String> volumes(ContentId image) {
        return call("look into the image", () -> {
            var config = client().inspectImageCmd(image.value()).exec().getConfig();
            var volumes = config == null ? null : config.getVolumes();
            return volumes == null ? Set.of() : Set.copyOf(volumes.keySet());
        });
    }

    @Override
    public void load(InputStream archive) {
        call("load the image", () -> {
            ImageLoad.of(client(), archive);
            return true;
        });
    }

    @Override
    public long size(ContentId image) {
        return call("look into the image", () -> {
            try {
                var size = client().inspectImageCmd(image.value()).exec().getSize();
                return size == null ? 0 : size;
            } catch (NotFoundException e) {
                return 0L;
            }
        });
    }

    @Override
    public boolean remove(ContentId image) {
        return call("remove the image", () -> {
            try {
                client().removeImageCmd(image.value()).exec();
                return true;
            } catch (NotFoundException e) {
                return true;
            } catch (ConflictException e) {
                // a container is of it
                return false;
            }
        });
    }

    @Override
    public String start(ContainerSpec spec) {
        return call("start container '" + spec.name() + "'", () -> {
            try {
                return started(created(spec));
            } catch (DockerException e) {
                throw Refusals.ofStart(spec, e);
            }
        });
    }

    private String started(String container) {
        try {
            client().startContainerCmd(container).exec();
        } catch (NotModifiedException e) {
            // Already running: an earlier life of this agent started it.
        }
        return container;
    }

    private String created(ContainerSpec spec) {
        var found = named(spec);
        if (found.isPresent()) {
            return found.get();
        }
        try {
            var create = client().createContainerCmd(spec.image().value());
            if (!spec.command().isEmpty()) {
                create.withCmd(spec.command());
            }
            return create.withName(spec.name())
                    .withHostConfig(HostConfigPrinter.print(spec, connection().podman()))
                    .withHealthcheck(NO_HEALTH_CHECK)
                    .withUser(spec.user().toString())
                    .withEnv(spec.environment().entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .sorted()
                            .toList())
                    .withLabels(spec.labels())
                    .exec()
                    .getId();
        } catch (ConflictException e) {
            return named(spec).orElseThrow(() -> e);
        }
    }

    /** The container of this name, if it is there; it must be the one that is asked for. */
    private Optional<String> named(ContainerSpec spec) {
        try {
            var found = client().inspectContainerCmd(spec.name()).exec();
            var labels = found.getConfig().getLabels();
            if (labels == null || !labels.entrySet().containsAll(spec.labels().entrySet())) {
                throw new EngineException("Expected container '%s' to be this agent's, but it carries other labels"
                        .formatted(spec.name()));
            }
            return Optional.of(found.getId());
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean awaitExit(String container, Duration timeout) {
        return call("wait for container '" + container + "'", () -> {
            try {
                return connection().podman() ? awaitByLooking(container, timeout) : awaitByCall(container, timeout);
            } catch (IOException e) {
                throw new EngineException("Expected to wait for a container, but " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        });
    }

    private boolean awaitByCall(String container, Duration timeout) throws IOException, InterruptedException {
        try (var callback = new WaitContainerResultCallback()) {
            client().waitContainerCmd(container).exec(callback);
            return callback.awaitCompletion(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (NotFoundException e) {
            return true;
        }
    }

    /** Podman's wait call was seen to miss the end of a container by many seconds. */
    private boolean awaitByLooking(String container, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            switch (inspect(container)) {
                case ContainerState.Exited _, ContainerState.Missing _ -> {
                    return true;
                }
                case ContainerState.Created _, ContainerState.Running _ -> {}
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            Thread.sleep(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
        }
    }

    @Override
    public ContainerState inspect(String container) {
        return call("inspect container '" + container + "'", () -> {
            try {
                var state = client().inspectContainerCmd(container).exec().getState();
                return switch (state.getStatus()) {
                    case "created", "configured", "initialized" -> new ContainerState.Created();
                    case "exited", "dead", "stopped", "removing" -> exited(container, state);
                    case null, default -> new ContainerState.Running();
                };
            } catch (NotFoundException e) {
                return new ContainerState.Missing();
            }
        });
    }

    /**
     * Podman does not say that the kernel killed a container for memory. There a container that was killed and not by this
     * agent is taken to have been killed for memory: nobody else has a reason to.
     */
    private ContainerState exited(String container, InspectContainerResponse.ContainerState state) {
        var code = state.getExitCodeLong();
        int exit = code == null ? -1 : code.intValue();
        boolean unexplained = connection().podman() && exit == KILLED && !killed.contains(container);
        return new ContainerState.Exited(exit, Boolean.TRUE.equals(state.getOOMKilled()) || unexplained);
    }

    @Override
    public List<String> lastLines(String container, int lines, boolean onlyErrors) {
        return call("read the output of container '" + container + "'", () -> {
            var tail = new OutputTail();
            try (ResultCallback<?> callback = client().logContainerCmd(container)
                    .withStdErr(true)
                    .withStdOut(!onlyErrors)
                    .withTail(lines)
                    .exec(tail)) {
                tail.awaitCompletion(LOGS.toMillis(), TimeUnit.MILLISECONDS);
                return tail.lines(lines);
            } catch (NotFoundException e) {
                return List.of();
            } catch (IOException e) {
                throw new EngineException("Expected to read a container's output, but " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            }
        });
    }

    @Override
    public void stop(String container, Duration grace) {
        signal(container, "SIGTERM");
        if (!awaitExit(container, grace)) {
            kill(container);
            awaitExit(container, grace);
        }
    }

    @Override
    public void kill(String container) {
        killed.add(container);
        signal(container, "SIGKILL");
    }

    private void signal(String container, String signal) {
        call("send " + signal + " to container '" + container + "'", () -> {
            try {
                client().killContainerCmd(container).withSignal(signal).exec();
            } catch (NotFoundException | ConflictException e) {
                // Gone or ended: what was wanted.
            } catch (InternalServerErrorException e) {
                // Podman says it this way; only a container that still runs is a failure.
                if (inspect(container) instanceof ContainerState.Running) {
                    throw e;
                }
            }
            return true;
        });
    }

    @Override
    public List<Found> list(Map<String, String> labels) {
        return call(
                "list containers",
                () -> client().listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
                        .map(c -> new Found(c.getId(), c.getLabels()))
                        .toList());
    }

    @Override
    public void remove(String container) {
        killed.remove(container);
        call("remove container '" + container + "'", () -> {
            try {
                client().removeContainerCmd(container)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException | ConflictException e) {
                // Gone, or being removed.
            }
            return true;
        });
    }

    private DockerClient client() {
        return connection().client();
    }

    private synchronized DockerConnection connection() {
        if (connection == null) {
            connection = DockerConnection.open(address, response);
        }
        return connection;
    }

    private <T> T call(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (EngineException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new EngineException(
                    "Expected to %s, but the engine at '%s' failed: %s".formatted(what, address, Refusals.summary(e)),
                    e);
        }
    }

    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
