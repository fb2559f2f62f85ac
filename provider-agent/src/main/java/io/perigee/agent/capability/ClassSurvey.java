package io.perigee.agent.capability;

import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.ContainerState;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.ImageStore;
import io.perigee.agent.sandbox.Sandbox;
import io.perigee.agent.sandbox.SandboxPolicy;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.ImageClass;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the images this machine holds for their numeric classes, each in a container with a job's walls. An image that does
 * not answer is left out of the offer and asked again the next time.
 */
public final class ClassSurvey {
    private static final Logger LOG = LoggerFactory.getLogger(ClassSurvey.class);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LINES = 50;

    private final ContainerRuntime runtime;
    private final ImageStore images;
    private final SandboxPolicy policy;
    private final ProviderId provider;
    private final Machine machine;
    private final int cpus;
    private final ClassBook book;
    private volatile List<ContentId> held = List.of();

    /** @param cpus cores one attempt is lent */
    public ClassSurvey(
            ContainerRuntime runtime,
            ImageStore images,
            SandboxPolicy policy,
            ProviderId provider,
            Machine machine,
            int cpus,
            ClassBook book) {
        this.runtime = runtime;
        this.images = images;
        this.policy = policy;
        this.provider = provider;
        this.machine = machine;
        this.cpus = cpus;
        this.book = book;
    }

    /** The classes of the images that were held when last looked. */
    public List<ImageClass> classes() {
        return book.classes(held);
    }

    /**
     * Looks which of these images the engine holds, and asks those that were not asked yet. Blocks, for minutes at most an
     * image.
     *
     * @throws EngineException when the engine does not answer
     */
    public void look(List<ContentId> wanted) throws IOException {
        var found = wanted.stream().filter(images::has).toList();
        for (var image : found) {
            if (!book.knows(image, surrounding())) {
                ask(image);
            }
        }
        held = found;
    }

    private void ask(ContentId image) throws IOException {
        var gpus = machine.gpus().stream()
                .map(Machine.DetectedGpu::uuid)
                .limit(Math.min(1, policy.maxGpus()))
                .toList();
        var name = "perigee-class-" + UUID.randomUUID();
        String container = null;
        try {
            container = runtime.start(Sandbox.classes(name, image, provider, cpus, gpus, policy));
            if (!runtime.awaitExit(container, PATIENCE)) {
                throw new InvalidValue(
                        "Expected image '%s' to name its classes within %s, but it did not".formatted(image, PATIENCE));
            }
            var lines = runtime.lastLines(container, LINES, false);
            if (!(runtime.inspect(container) instanceof ContainerState.Exited(var code, var _)) || code != 0) {
                throw new InvalidValue("Expected image '%s' to name its classes, but it said %s"
                        .formatted(image, lines.isEmpty() ? "nothing" : "'" + lines.getLast() + "'"));
            }
            var classes = ClassAnswer.read(image, lines);
            book.put(image, surrounding(), classes);
            LOG.info("Classes image={} classes={}", image, classes);
        } catch (InvalidValue e) {
            LOG.warn("Image left out of the offer image={} reason={}", image, e.getMessage());
        } finally {
            if (container != null) {
                runtime.remove(container);
            }
        }
    }

    /** What an answer depends on beside the image. */
    private String surrounding() {
        return "%s|%s|%d|%s"
                .formatted(
                        machine.hardware().cpuModel(),
                        String.join(",", machine.hardware().features()),
                        cpus,
                        machine.gpus().stream()
                                .map(detected -> detected.gpu().model() + " "
                                        + detected.gpu().driver())
                                .toList());
    }
}
