package io.perigee.agent.artifact;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets a long transfer end early when its attempt is no longer wanted. */
public final class Cancellation {
    private final @Nullable Cancellation whole;
    private volatile boolean cancelled;

    public Cancellation() {
        this.whole = null;
    }

    /** @param whole what this is a part of: it is called off with it */
    public Cancellation(Cancellation whole) {
        this.whole = whole;
    }

    public void cancel() {
        cancelled = true;
    }

    public boolean isCancelled() {
        return cancelled || whole != null && whole.isCancelled();
    }

    /** @throws Cancelled once {@link #cancel} was called */
    public void check() throws Cancelled {
        if (isCancelled()) {
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
