package io.perigee.api.job;

import io.perigee.api.provider.KnownOffers;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.BundleView;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.JobPage;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.rest.TimelineEntry;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps jobs, and everything their builder may see of them. */
public interface JobBook {
    /** What a submission is judged by besides itself. */
    record Situation(Set<ContentId> directories, Set<ContentId> files, Amount available, KnownOffers offers) {
        public Situation {
            directories = Set.copyOf(directories);
            files = Set.copyOf(files);
        }

        /** The same with another amount of the allotment free. */
        Situation with(Amount free) {
            return new Situation(directories, files, free, offers);
        }
    }

    /**
     * A submission under a key.
     *
     * @param bodyHash tells whether a second request under the key is the same
     * @param orderHash an order is good for one job
     */
    record Submission(
            Address builder, String key, String bodyHash, SubmitRequest request, Digest orderHash, Envelope submitted) {
        /** Until when it waits to be placed. */
        public Instant until() {
            return submitted.at().plusSeconds(request.spec().deadlines().queue());
        }

        /** The job as its builder sees it first. */
        JobView view() {
            var order = request.order();
            var spec = request.spec();
            return new JobView(
                    order.jobId(),
                    spec.name(),
                    JobState.SUBMITTED,
                    null,
                    null,
                    null,
                    builder,
                    submitted.at(),
                    submitted.at(),
                    until(),
                    spec,
                    order.specHash(),
                    orderHash,
                    order,
                    spec.borders(),
                    0,
                    order.maxPayment(),
                    Amount.ZERO,
                    Amount.ZERO,
                    Amount.ZERO,
                    List.of(),
                    List.of(),
                    null,
                    null,
                    null);
        }
    }

    /** The job that was taken under a key, as it was then. */
    Uni<JobView> submitted(Address builder, String key);

    Uni<Optional<JobView>> find(Address builder, JobId job);

    Uni<JobPage> list(Address builder, @Nullable String cursor, int limit);

    /** Moves of the job after a number, oldest first. */
    Uni<List<TimelineEntry>> timeline(JobId job, long after, int limit);

    /** Events of the job after a number, oldest first. */
    Uni<List<JobEvent>> events(JobId job, long after, int limit);

    /** Empty when the job is not decided yet. */
    Uni<Optional<BundleView>> bundle(JobId job);

    /** Which of these commands about the job its owner has refused, as far as the read model knows. */
    Uni<Set<UUID>> refused(JobId job, Collection<UUID> commands);

    /** Sends a command with nothing else; one with an id that was sent before is not sent again. */
    Uni<Void> send(Envelope command);
}
