package io.perigee.agent.artifact;

import java.io.IOException;

/** Lets a long transfer end early when its attempt is no longer wanted. */
public final class Cancellation {
    private volatile boolean cancelled;

    public void cancel() {
        cancelled = true;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /** @throws Cancelled once {@link #cancel} was called */
    public void check() throws Cancelled {
        if (cancelled) {
            throw new Cancelled();
        }
    }

    /** The work was called off. */
    public static final class Cancelled extends IOException {
        private static final long serialVersionUID = 1L;

        Cancelled() {
            super("Expected to go on, but the work was called off");
        }
    }
}
