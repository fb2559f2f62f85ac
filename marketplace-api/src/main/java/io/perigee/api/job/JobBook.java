package io.perigee.api.job;

import io.perigee.market.matching.OfferView;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.BundleView;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.JobPage;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.rest.TimelineEntry;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps jobs, and everything their builder may see of them. */
public interface JobBook {
    /** What a submission is judged by besides itself. */
    record Situation(Set<ContentId> directories, Set<ContentId> files, Amount available, List<OfferView> offers) {
        public Situation {
            directories = Set.copyOf(directories);
            files = Set.copyOf(files);
            offers = List.copyOf(offers);
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
            Address builder,
            String key,
            String bodyHash,
            SubmitRequest request,
            Digest orderHash,
            Envelope submitted) {}

    /** The answer to a submission: the new job, or what was answered under this key before. */
    record Answer(String body, boolean replayed) {}

    /**
     * Stores the job, its answer under the key and the fact that it was submitted, all or nothing.
     *
     * @param rules refuses by throwing; called once, with what the database says
     */
    Uni<Answer> submit(Submission submission, Consumer<Situation> rules);

    Uni<Optional<JobView>> find(Address builder, JobId job);

    Uni<JobPage> list(Address builder, @Nullable String cursor, int limit);

    /** Moves of the job after a number, oldest first. */
    Uni<List<TimelineEntry>> timeline(JobId job, long after, int limit);

    /** Events of the job after a number, oldest first. */
    Uni<List<JobEvent>> events(JobId job, long after, int limit);

    /** Empty when the job is not decided yet. */
    Uni<Optional<BundleView>> bundle(JobId job);

    /** The ids of the commands about the job that its owner has refused, as far as the read model knows. */
    Uni<Set<UUID>> refused(JobId job);

    /** Sends a command with nothing else; one with an id that was sent before is not sent again. */
    Uni<Void> send(Envelope command);
}
