package io.perigee.agent.artifact;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Closes a stream that gives nothing for too long; the HTTP client has no such limit for a body. */
final class StallGuard implements AutoCloseable {
    private final Thread watch;
    private volatile long progressAt = System.nanoTime();

    private StallGuard(Closeable stream, Duration most) {
        this.watch = Thread.ofVirtual().name("stall-guard").unstarted(() -> watch(stream, most));
    }

    static StallGuard over(Closeable stream, Duration most) {
        var guard = new StallGuard(stream, most);
        guard.watch.start();
        return guard;
    }

    void progress() {
        progressAt = System.nanoTime();
    }

    private void watch(Closeable stream, Duration most) {
        try {
            for (long left = most.toNanos(); left > 0; left = progressAt + most.toNanos() - System.nanoTime()) {
                Thread.sleep(Duration.ofNanos(left));
            }
            stream.close();
        } catch (InterruptedException e) {
            // The transfer is over.
        } catch (IOException e) {
            // It is closed already.
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
