package io.perigee.api.persistence;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Work that takes a while, off the event loop. */
public final class Aside {
    private Aside() {}

    /** Runs it on a virtual thread, where it may block; the result comes back to the context where it was asked for. */
    public static <T> Uni<T> of(Supplier<T> work) {
        return back(Uni.createFrom().item(work).runSubscriptionOn(task -> Thread.ofVirtual()
                .start(task)));
    }

    /**
     * What many ask for and may be a little old: asked for once for all who want it within that time. A failure is not kept.
     */
    public static <T> Uni<T> lately(Duration good, Uni<T> asked) {
        var until = new AtomicLong();
        return back(asked.onItem()
                .invoke(() -> until.set(System.nanoTime() + good.toNanos()))
                .onFailure()
                .invoke(() -> until.set(System.nanoTime()))
                .memoize()
                .until(() -> System.nanoTime() - until.get() >= 0));
    }

    /** Hands what comes from elsewhere over on the context of whoever asks for it. */
    public static <T> Uni<T> back(Uni<T> elsewhere) {
        return Uni.createFrom().deferred(() -> {
            var asker = Vertx.currentContext();
            return asker == null ? elsewhere : elsewhere.emitOn(task -> asker.runOnContext(_ -> task.run()));
        });
    }
}
