package io.perigee.api.job;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.persistence.Ids;
import io.perigee.api.problem.Refused;
import io.perigee.market.lifecycle.Stage;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.SubmitRequest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Stage 1: what a signed job that is taken in passes the baton with, {@code JobSubmitted}, and its being called off. */
@Singleton
public final class Intake {
    private static final int MOST_CANCELS = 1_000;
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private final JobBook book;
    private final HubFacts hub;
    private final Ids ids;
    private final Clock clock;

    Intake(JobBook book, HubFacts hub, Ids ids, Clock clock) {
        this.book = book;
        this.hub = hub;
        this.ids = ids;
        this.clock = clock;
    }

    JobBook.Submission submission(
            Address builder,
            String key,
            String bodyHash,
            SubmitRequest request,
            @Nullable ModelShape base,
            String trace,
            Instant now) {
        var order = request.order();
        var fact = new JobSubmitted(
                order.jobId(), request.spec(), order.specHash(), order, request.orderSignature(), base);
        return new JobBook.Submission(
                builder,
                key,
                bodyHash,
                request,
                order.digest(hub.domain()),
                Envelope.of(ids.uuid(now), now, Stage.INTAKE.label(), trace, fact));
    }

    static boolean isKey(String key) {
        return KEY.matcher(key).matches();
    }

    static String keyExpected(String where) {
        return "Expected %s with 1 to 128 printable characters, but it is missing or has others".formatted(where);
    }

    /** Tells whether two requests under a key are the same. The spec's canonical text is most of it, and known. */
    static String bodyHash(SubmitRequest request, String canonicalSpec) {
        var order = new String(CanonicalJson.bytes(request.order()), StandardCharsets.UTF_8);
        var text = "{\"order\":%s,\"orderSignature\":\"%s\",\"spec\":%s}"
                .formatted(order, request.orderSignature(), canonicalSpec);
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    }

    static Refused mismatch(String key) {
        return new Refused(
                ErrorCode.IDEMPOTENCY_MISMATCH,
                "Expected the request that '%s' was first used for, but this is another".formatted(key));
    }

    /** Asks the job's owner to stop it; whether it still can is for the scheduler to say. */
    Uni<JobView> cancel(Address builder, JobView job, String trace) {
        if (job.state() == JobState.DECIDED || job.state() == JobState.SETTLED) {
            throw new Refused(
                    ErrorCode.WRONG_STATE,
                    "Expected to cancel a job that is under way, but '%s' is %s".formatted(job.id(), job.state()));
        }
        var now = now();
        var command = new CancelJob(job.id(), builder);
        var ids = cancelIds(job.id());
        return book.refused(job.id(), ids)
                .chain(refused -> book.send(Envelope.of(unused(ids, refused), now, builder.value(), trace, command)))
                .replaceWith(job);
    }

    /** Asking twice is asking once, until the answer is no: whoever asks after that asks anew. */
    private static List<UUID> cancelIds(JobId job) {
        return IntStream.range(0, MOST_CANCELS)
                .mapToObj(round -> round == 0
                        ? Ids.named("cancel", job.toString())
                        : Ids.named("cancel", job.toString(), Integer.toString(round)))
                .toList();
    }

    private static UUID unused(List<UUID> ids, Set<UUID> refused) {
        return ids.stream()
                .filter(id -> !refused.contains(id))
                .findFirst()
                .orElseThrow(() -> new Refused(
                        ErrorCode.WRONG_STATE,
                        "Expected to cancel a job at most %d times, but so many were refused".formatted(MOST_CANCELS)));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
