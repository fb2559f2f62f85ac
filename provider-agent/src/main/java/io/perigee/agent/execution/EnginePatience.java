package io.perigee.agent.execution;

import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.EngineException;
import java.time.Duration;

/** How long an engine that fails is asked again: one that is away for a time, one that answers a few times. */
final class EnginePatience {
    private static final int MOST_TRIES = 3;

    private final ContainerRuntime runtime;
    private final Duration patience;
    private long since;
    private int tries;

    EnginePatience(ContainerRuntime runtime, Duration patience) {
        this.runtime = runtime;
        this.patience = patience;
    }

    /** Whether, after one more failure, it is worth asking again. */
    boolean holds() {
        long now = System.nanoTime();
        if (tries++ == 0) {
            since = now;
        }
        return now - since < patience.toNanos() && (tries < MOST_TRIES || !answers());
    }

    void renew() {
        tries = 0;
    }

    private boolean answers() {
        try {
            runtime.describe();
            return true;
        } catch (EngineException e) {
            return false;
        }
    }
}
