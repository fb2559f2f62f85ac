package io.perigee.api.provider.postgres;

import io.perigee.eventlog.TryLater;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** What is large while it is read: never two of it in memory. Blocks; for virtual threads. */
final class OneAtATime {
    private final ReentrantLock lock = new ReentrantLock();
    private final Duration patience;

    OneAtATime(Duration patience) {
        this.patience = patience;
    }

    /** @throws TryLater when others take too long */
    <T> T read(Supplier<T> reading) {
        boolean mine = false;
        try {
            mine = lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw new TryLater(
                        "Expected to read offers or records within %s, but others read them".formatted(patience));
            }
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryLater("Interrupted while waiting to read offers or records", e);
        } finally {
            if (mine) {
                lock.unlock();
            }
        }
    }
}
