package io.perigee.devstack.stack;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Looks at the memory now and then, and keeps the highest total. */
final class MemoryWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(1_500);

    private final Supplier<Memory> measure;
    private final AtomicReference<Memory> highest = new AtomicReference<>(new Memory(java.util.Map.of()));
    private final Thread thread;
    private volatile boolean running = true;

    MemoryWatch(Supplier<Memory> measure) {
        this.measure = measure;
        this.thread = Thread.ofVirtual().name("memory-watch").start(this::run);
    }

    private void run() {
        while (running) {
            look();
            try {
                Thread.sleep(EVERY);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    void look() {
        Memory now = measure.get();
        highest.accumulateAndGet(now, (before, after) -> after.total() > before.total() ? after : before);
    }

    Memory highest() {
        return highest.get();
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
    }
}
