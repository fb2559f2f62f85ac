package io.perigee.agent.app;

import io.perigee.agent.artifact.ArtifactStore;
import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.capability.ClassSurvey;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.rest.TrainerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the offer's image classes true: now and then asks the hub which trainers it offers, and those that the engine holds
 * for their classes. Works beside the agent's loop, one look at a time.
 */
final class ClassWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClassWatch.class);
    private static final Duration WHEN_SEEN = Duration.ofMinutes(5);
    private static final Duration WHEN_FAILED = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ClassSurvey survey;
    private final ArtifactStore hub;
    private final Runnable changed;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Cancellation cancellation = new Cancellation();
    private volatile long due = System.nanoTime();

    /** @param changed called after a look that brought something else */
    ClassWatch(ClassSurvey survey, ArtifactStore hub, Runnable changed) {
        this.survey = survey;
        this.hub = hub;
        this.changed = changed;
    }

    List<ImageClass> classes() {
        return survey.classes();
    }

    /** Starts a look when it is time for one and none is under way; returns at once. */
    void lookWhenDue() {
        if (System.nanoTime() - due >= 0 && looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("classes").start(this::look);
        }
    }

    private void look() {
        var wait = WHEN_FAILED;
        try {
            var before = survey.classes();
            survey.look(hub.hub(PATIENCE, cancellation).trainers().stream()
                    .filter(trainer -> trainer.numericClass() == null)
                    .map(TrainerInfo::image)
                    .toList());
            wait = WHEN_SEEN;
            if (!survey.classes().equals(before)) {
                changed.run();
            }
        } catch (IOException | EngineException e) {
            LOG.warn("Classes not asked for, and tried again in {}: {}", WHEN_FAILED, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            due = System.nanoTime() + wait.toNanos();
            looking.set(false);
        }
    }

    @Override
    public void close() {
        cancellation.cancel();
    }
}
