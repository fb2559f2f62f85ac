package io.perigee.api.job;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Wakes whoever waits for events of a job. It carries nothing: the database is read again after every ring. */
@Singleton
public final class Bell {
    private final Map<String, Set<Ear>> ears = new ConcurrentHashMap<>();

    /** Somebody stored events of the job. */
    public void ring(String job) {
        ears.getOrDefault(job, Set.of()).forEach(Ear::hear);
    }

    /** Rings may have been missed: everybody looks. */
    public void ringAll() {
        ears.values().forEach(waiting -> waiting.forEach(Ear::hear));
    }

    Ear listen(String job) {
        var ear = new Ear(job);
        ears.compute(job, (_, present) -> {
            Set<Ear> waiting = present == null ? ConcurrentHashMap.newKeySet() : present;
            waiting.add(ear);
            return waiting;
        });
        return ear;
    }

    /** One waiting reader; a ring while it is not waiting is remembered. */
    final class Ear {
        private final String job;
        private boolean rung;
        private @Nullable UniEmitter<? super Boolean> waiting;

        private Ear(String job) {
            this.job = job;
        }

        /** Forgets rings so far; call it before reading. */
        synchronized void reset() {
            rung = false;
        }

        /** Completes with true at the next ring since {@link #reset}, with false when none came in time. */
        Uni<Boolean> wait(Duration atMost) {
            return Uni.createFrom()
                    .<Boolean>emitter(this::await)
                    .ifNoItem()
                    .after(atMost)
                    .recoverWithItem(false);
        }

        private synchronized void await(UniEmitter<? super Boolean> emitter) {
            if (rung) {
                emitter.complete(true);
            } else {
                waiting = emitter;
            }
        }

        private void hear() {
            UniEmitter<? super Boolean> emitter;
            synchronized (this) {
                rung = true;
                emitter = waiting;
                waiting = null;
            }
            if (emitter != null) {
                emitter.complete(true);
            }
        }

        void close() {
            ears.computeIfPresent(job, (_, present) -> {
                present.remove(this);
                return present.isEmpty() ? null : present;
            });
        }
    }
}
