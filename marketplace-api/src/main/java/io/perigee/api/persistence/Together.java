package io.perigee.api.persistence;

import io.perigee.api.problem.Refused;
import io.perigee.eventlog.TryLater;
import io.perigee.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import org.jboss.logging.Logger;

/**
 * Requests that share commits. One that comes while nothing is on its way is done at once; those that come while commits are
 * on their way share the next one, so that a crowd costs as little as one large request. Nobody waits for company. Blocks;
 * for virtual threads.
 */
public final class Together<Q, A> {
    /** Does some requests with one commit; an answer for each, in their order. */
    @FunctionalInterface
    public interface Work<Q, A> {
        List<A> take(List<Q> requests);
    }

    private static final Logger LOG = Logger.getLogger(Together.class);

    /** While so many commits are on their way, others wait: two, so that the database is never without one. */
    private static final int AT_ONCE = 2;

    /** What one commit is for, unless a single request is more. */
    private static final int MOST = 128;

    private static final int MOST_WAITING = 2_000;

    private record Waiting<Q, A>(Q request, CompletableFuture<A> answer) {}

    private final BiPredicate<Q, Q> share;
    private final ToIntFunction<Q> size;
    private final Duration patience;
    private final Work<Q, A> work;
    private final ArrayDeque<Waiting<Q, A>> queue = new ArrayDeque<>();
    private final AtomicInteger inside = new AtomicInteger();
    private int working;

    /**
     * @param share whether two requests may have one commit
     * @param size how much of a commit a request takes
     * @param patience how long an answer may take
     */
    public Together(BiPredicate<Q, Q> share, ToIntFunction<Q> size, Duration patience, Work<Q, A> work) {
        this.share = share;
        this.size = size;
        this.patience = patience;
        this.work = work;
    }

    /** Requests that have no answer yet. */
    public int inside() {
        return inside.get();
    }

    /**
     * Does a request, and waits for it. What one of those that share a commit throws hinders only itself.
     *
     * @throws TryLater when the database is away
     * @throws Refused when too many wait, or it takes too long
     */
    public A ask(Q request) {
        var waiting = new Waiting<Q, A>(request, new CompletableFuture<>());
        inside.incrementAndGet();
        try {
            enter(waiting);
            return waiting.answer().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new Refused(
                    ErrorCode.TIMED_OUT,
                    "Expected to hear from the database within %d s, but it is slow".formatted(patience.toSeconds()));
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof TryLater away ? away : new CompletionException(failure.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryLater("Interrupted while waiting for a commit", e);
        } finally {
            inside.decrementAndGet();
        }
    }

    private void enter(Waiting<Q, A> waiting) {
        synchronized (queue) {
            if (queue.size() >= MOST_WAITING) {
                throw new Refused(
                        ErrorCode.UNAVAILABLE,
                        "Expected at most %d requests to wait for their commit, but there are as many"
                                .formatted(MOST_WAITING));
            }
            queue.add(waiting);
            if (working == AT_ONCE) {
                return;
            }
            working++;
        }
        Thread.startVirtualThread(this::run);
    }

    private void run() {
        for (var some = next(); !some.isEmpty(); some = next()) {
            take(some);
        }
    }

    /** The one that waits the longest, and those that may share with it; who works here has ended when there are none. */
    private List<Waiting<Q, A>> next() {
        synchronized (queue) {
            var some = new ArrayList<Waiting<Q, A>>();
            int sum = 0;
            for (var each = queue.iterator(); each.hasNext() && sum < MOST; ) {
                var waiting = each.next();
                if (some.isEmpty() || share.test(some.getFirst().request(), waiting.request())) {
                    some.add(waiting);
                    sum += size.applyAsInt(waiting.request());
                    each.remove();
                }
            }
            if (some.isEmpty()) {
                working--;
            }
            return some;
        }
    }

    private void take(List<Waiting<Q, A>> some) {
        try {
            var answers = work.take(some.stream().map(Waiting::request).toList());
            for (int i = 0; i < some.size(); i++) {
                some.get(i).answer().complete(answers.get(i));
            }
        } catch (TryLater away) {
            some.forEach(each -> each.answer().completeExceptionally(away));
        } catch (RuntimeException fault) {
            if (some.size() == 1) {
                some.getFirst().answer().completeExceptionally(fault);
            } else {
                // the fault of one is not to hinder the others
                LOG.warnf(fault, "requests=%d are done one by one", some.size());
                some.forEach(each -> take(List.of(each)));
            }
        } catch (Error broken) {
            // told to who asked, and not thrown: whoever works here is not replaced, and those who wait would wait for
            // nobody
            some.forEach(each -> each.answer().completeExceptionally(broken));
        }
    }
}
