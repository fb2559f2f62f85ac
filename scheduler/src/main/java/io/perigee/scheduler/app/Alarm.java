package io.perigee.scheduler.app;

import java.time.Duration;
import java.time.Instant;

/** Wakes the keeper of deadlines when one is set that lies before the instant it meant to look next. */
final class Alarm {
    private volatile Instant planned = Instant.MAX;
    private volatile Runnable bell = () -> {};

    void rings(Runnable bell) {
        this.bell = bell;
    }

    /** Notes when the keeper looks next. */
    Duration planned(Instant now, Duration pause) {
        planned = now.plus(pause);
        return pause;
    }

    /** A deadline was set. May be called before its transaction commits: it lies ahead, and the keeper looks again. */
    void dueAt(Instant due) {
        if (due.isBefore(planned)) {
            planned = due;
            bell.run();
        }
    }
}
