package io.perigee.cli;

import java.time.Duration;

/** Lets time pass; in a test, says that it did. */
interface Sleep {
    void of(Duration time) throws InterruptedException;
}
