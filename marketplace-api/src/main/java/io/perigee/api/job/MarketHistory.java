package io.perigee.api.job;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.spec.JobSpec;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What happened in the market lately. Bounded: of what is too much, the newest. */
public interface MarketHistory {
    /** The most jobs that are told. */
    int JOBS = 1_000;

    /**
     * How often providers became free.
     *
     * @param providers one entry for each attempt that ended
     * @param since from when on was looked: an instant that was asked for, or later if there was nothing before
     */
    record Freed(List<ProviderId> providers, Instant since) {}

    /** A job that found providers: the assignments of its first choice. */
    record Decided(Address builder, JobSpec spec, JobOrder order, List<Assignment> assignments) {
        public Decided {
            assignments = List.copyOf(assignments);
        }
    }

    Uni<Freed> freed(Instant since);

    /**
     * Work that a provider had.
     *
     * @param until empty while it goes on
     */
    record Held(Instant from, Optional<Instant> until, int gpus) {
        /** Whether it was there at an instant, to the second. */
        boolean at(Instant instant) {
            return !from.truncatedTo(ChronoUnit.SECONDS).isAfter(instant)
                    && until.map(instant::isBefore).orElse(true);
        }
    }

    /** What a provider ran, of what began since then or goes on. */
    Uni<List<Held>> held(ProviderId provider, Instant since);

    /** Newest first. */
    Uni<List<Decided>> decided(Instant since);
}
