package io.perigee.agent.execution;

import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.EngineException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits in a thread of its own for a container's end, through restarts of the engine. */
final class ContainerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerWatch.class);
    private static final Duration WAIT = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ContainerRuntime runtime;
    private final Duration patience;

    ContainerWatch(ContainerRuntime runtime, Duration patience) {
        this.runtime = runtime;
        this.patience = patience;
    }

    Thread start(String container, Consumer<Signal> target) {
        return Thread.ofVirtual().name("watch-" + container).start(() -> watch(container, target));
    }

    private void watch(String container, Consumer<Signal> target) {
        long silentSince = 0;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (silentSince != 0) {
                    // it may be back, and then gone again before the container ends
                    runtime.inspect(container);
                    silentSince = 0;
                }
                if (runtime.awaitExit(container, WAIT)) {
                    target.accept(new Signal.ContainerEnded());
                    return;
                }
            } catch (EngineException e) {
                long now = System.nanoTime();
                if (silentSince == 0) {
                    LOG.warn("The engine does not answer container={} detail={}", container, e.getMessage());
                    silentSince = now;
                }
                if (now - silentSince > patience.toNanos()) {
                    target.accept(new Signal.EngineLost(String.valueOf(e.getMessage())));
                    return;
                }
                try {
                    Thread.sleep(PAUSE);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }
}
