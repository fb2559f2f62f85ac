package io.perigee.agent.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the agent needs of a container engine. Every call is bounded in time and throws {@link EngineException} when
 * the engine cannot do it; all are safe to repeat. Callable from many threads.
 */
public interface ContainerRuntime {

    /** Version and abilities, for {@code doctor} and for the offer. */
    EngineFacts describe();

    /**
     * Creates and starts a container. A container of the same name that is already there is started if need be and
     * returned: so a crash between asking and remembering does no harm.
     *
     * @return the engine's id of the container
     * @throws UnusableImage when its image has no program that can be started
     */
    String start(ContainerSpec spec);

    /**
     * Waits for the end.
     *
     * @return whether it has ended (or is gone)
     */
    boolean awaitExit(String container, Duration timeout);

    ContainerState inspect(String container);

    /** The end of what the container said, oldest first; stderr alone or both streams. */
    List<String> lastLines(String container, int lines, boolean onlyErrors);

    /** Sends SIGTERM, waits for the grace period, then kills. Returns once the container has ended. */
    void stop(String container, Duration grace);

    /** Kills at once; a container that has ended or is gone is left alone. */
    void kill(String container);

    /** Containers with all these labels, in any state. */
    List<Found> list(Map<String, String> labels);

    /** Kills if need be and removes; one that is gone is fine. */
    void remove(String container);

    /**
     * A container found by label.
     *
     * @param id the engine's id
     */
    record Found(String id, Map<String, String> labels) {
        public Found {
            labels = Map.copyOf(labels);
        }
    }
}
