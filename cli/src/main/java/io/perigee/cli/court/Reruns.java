package io.perigee.cli.court;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Segments that are run again beside the program's own thread, one at a time, so that a long one keeps no other vote from
 * being sent or opened in time. All but the work itself belongs to one thread.
 */
final class Reruns implements AutoCloseable {
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("rerun").factory());
    private final Map<Ballot.Place, Future<Optional<Ballot>>> running = new HashMap<>();

    boolean has(Ballot.Place place) {
        return running.containsKey(place);
    }

    void start(Ballot.Place place, Callable<Optional<Ballot>> work) {
        running.computeIfAbsent(place, _ -> worker.submit(work));
    }

    boolean ended(Ballot.Place place) {
        var future = running.get(place);
        return future != null && future.isDone();
    }

    /** Waits for it, and forgets it: whatever it threw is thrown here. */
    Optional<Ballot> take(Ballot.Place place) {
        var future = running.remove(place);
        if (future == null) {
            return Optional.empty();
        }
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException("Expected to run a segment again, but it failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected to wait for a segment, but was interrupted", e);
        }
    }

    /** What runs is given up: its vote is not kept, and nothing was sent. */
    @Override
    public void close() {
        worker.shutdownNow();
    }
}
