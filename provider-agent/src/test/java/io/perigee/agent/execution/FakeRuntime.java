package io.perigee.agent.execution;

import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.ContainerSpec;
import io.perigee.agent.sandbox.ContainerState;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.EngineFacts;
import io.perigee.agent.sandbox.ImageStore;
import io.perigee.protocol.id.ContentId;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine with one container, which does what the test says; it fails as many calls as it is told to. */
class FakeRuntime implements ContainerRuntime, ImageStore {
    final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger starts = new AtomicInteger();
    final AtomicInteger inspections = new AtomicInteger();
    final CountDownLatch killed = new CountDownLatch(1);
    final CountDownLatch terminated = new CountDownLatch(1);
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch removed = new CountDownLatch(1);
    volatile ContainerState state = new ContainerState.Missing();
    volatile boolean listed;

    void exit(int code) {
        state = new ContainerState.Exited(code, false);
        synchronized (this) {
            notifyAll();
        }
    }

    private void call() {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new EngineException("Expected to be asked again");
        }
    }

    @Override
    public EngineFacts describe() {
        call();
        return new EngineFacts("Fake", "1", Set.of(), List.of());
    }

    @Override
    public String start(ContainerSpec spec) {
        call();
        starts.incrementAndGet();
        state = new ContainerState.Running();
        listed = true;
        started.countDown();
        return "container";
    }

    @Override
    public synchronized boolean awaitExit(String container, Duration timeout) {
        long until = System.nanoTime() + timeout.toNanos();
        try {
            while (state instanceof ContainerState.Running && System.nanoTime() < until) {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !(state instanceof ContainerState.Running);
    }

    @Override
    public ContainerState inspect(String container) {
        inspections.incrementAndGet();
        call();
        return state;
    }

    @Override
    public List<String> lastLines(String container, int lines, boolean onlyErrors) {
        return List.of();
    }

    @Override
    public void stop(String container, Duration grace) {
        call();
        terminated.countDown();
        exit(143);
    }

    @Override
    public void kill(String container) {
        call();
        killed.countDown();
        exit(137);
    }

    @Override
    public List<Found> list(Map<String, String> labels) {
        call();
        return listed ? List.of(new Found("container", labels)) : List.of();
    }

    @Override
    public void remove(String container) {
        call();
        listed = false;
        removed.countDown();
        state = new ContainerState.Missing();
        synchronized (this) {
            notifyAll();
        }
    }

    @Override
    public boolean has(ContentId image) {
        return true;
    }

    @Override
    public Set<String> volumes(ContentId image) {
        return Set.of();
    }

    @Override
    public void load(InputStream archive) {
        throw new EngineException("Expected no image to be loaded");
    }

    @Override
    public long size(ContentId image) {
        return 0;
    }

    @Override
    public boolean remove(ContentId image) {
        return true;
    }
}
