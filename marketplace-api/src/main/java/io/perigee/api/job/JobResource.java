package io.perigee.api.job;

import io.perigee.api.problem.Refused;
import io.perigee.api.problem.Trace;
import io.perigee.api.session.CurrentCaller;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.BatchAnswer;
import io.perigee.protocol.rest.BatchSubmission;
import io.perigee.protocol.rest.BundleView;
import io.perigee.protocol.rest.JobExplanation;
import io.perigee.protocol.rest.JobPage;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.QuoteRequest;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.rest.TimelineEntry;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Jobs, for their builder only. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Jobs")
public class JobResource {
    private static final int MOST = 100;
    private static final int MOST_ENTRIES = 1_000;

    private final Quotes quotes;
    private final Intake intake;
    private final SharedIntake singles;
    private final BatchIntake batches;
    private final JobBook book;
    private final Explanations explanations;
    private final CurrentCaller caller;

    JobResource(
            Quotes quotes,
            Intake intake,
            SharedIntake singles,
            BatchIntake batches,
            JobBook book,
            Explanations explanations,
            CurrentCaller caller) {
        this.quotes = quotes;
        this.intake = intake;
        this.singles = singles;
        this.batches = batches;
        this.book = book;
        this.explanations = explanations;
        this.caller = caller;
    }

    @POST
    @Path("/quotes")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Resolve and price a job; answers with the order to sign")
    public Uni<Quote> quote(QuoteRequest request) {
        return quotes.quote(builder(), request.spec());
    }

    @POST
    @Path("/jobs")
    @Consumes(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @ResponseStatus(201)
    @APIResponseSchema(value = JobView.class, responseCode = "201")
    @Operation(summary = "Submit a signed job; the same Idempotency-Key and body get the same answer")
    public JobView submit(
            @HeaderParam("Idempotency-Key") @Nullable String key,
            SubmitRequest request,
            @Context RoutingContext routing) {
        var answer = singles.submit(builder(), key, request, Trace.of(routing));
        routing.response().putHeader("Location", "/api/v1/jobs/" + answer.job().id());
        if (answer.replayed()) {
            routing.response().putHeader("Idempotency-Replayed", "true");
        }
        return answer.job();
    }

    @POST
    @Path("/jobs:batch")
    @Consumes(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = BatchSubmission.class)))
    @APIResponseSchema(value = BatchAnswer.class, responseCode = "200")
    @Operation(summary = "Submit many signed jobs; each is taken or refused by itself, under its own key")
    public BatchAnswer submitMany(byte[] body, @Context RoutingContext routing) {
        return batches.submit(builder(), body, Trace.of(routing));
    }

    @GET
    @Path("/jobs")
    @Operation(summary = "Jobs, newest first, a page at a time")
    public Uni<JobPage> list(
            @QueryParam("cursor") @Nullable String cursor, @QueryParam("limit") @DefaultValue("20") String limit) {
        return book.list(builder(), cursor, (int) number("limit", limit, 1, MOST));
    }

    @GET
    @Path("/jobs/{id}")
    @Operation(summary = "A job and its attempts")
    public Uni<JobView> find(@PathParam("id") String id) {
        return job(builder(), id);
    }

    @POST
    @Path("/jobs/{id}/cancel")
    @ResponseStatus(202)
    @APIResponseSchema(value = JobView.class, responseCode = "202")
    @Operation(summary = "Ask for a job to be stopped at the next border; what is sealed is verified and paid")
    public Uni<JobView> cancel(@PathParam("id") String id, @Context RoutingContext routing) {
        var builder = builder();
        return job(builder, id).chain(job -> intake.cancel(builder, job, Trace.of(routing)));
    }

    @GET
    @Path("/jobs/{id}/timeline")
    @Operation(summary = "Every move of a job, oldest first")
    public Uni<List<TimelineEntry>> timeline(
            @PathParam("id") String id, @QueryParam("after") @DefaultValue("0") String after) {
        var from = number("after", after, 0, Long.MAX_VALUE);
        return job(builder(), id).chain(job -> book.timeline(job.id(), from, MOST_ENTRIES));
    }

    @GET
    @Path("/jobs/{id}/explanation")
    @Operation(summary = "Why a job waits: what each constraint costs it, what to loosen, how long it may take")
    public Uni<JobExplanation> explanation(@PathParam("id") String id) {
        return job(builder(), id).chain(explanations::explain);
    }

    @GET
    @Path("/jobs/{id}/bundle")
    @Operation(summary = "The proof of a decided job, for 'perigee verify'")
    public Uni<BundleView> bundle(@PathParam("id") String id) {
        return job(builder(), id).chain(job -> book.bundle(job.id())
                .map(found -> found.orElseThrow(() -> new Refused(
                        ErrorCode.WRONG_STATE,
                        "Expected a decided job, but '%s' is %s".formatted(job.id(), job.state())))));
    }

    private Uni<JobView> job(Address builder, String id) {
        var jobId = id(id);
        return book.find(builder, jobId).map(found -> found.orElseThrow(() -> missing(id)));
    }

    static JobId id(String text) {
        try {
            return JobId.parse(text);
        } catch (InvalidValue invalid) {
            throw new Refused(ErrorCode.NOT_FOUND, String.valueOf(invalid.getMessage()));
        }
    }

    static Refused missing(String id) {
        return new Refused(ErrorCode.NOT_FOUND, "Expected to find job '%s', but there is none of yours".formatted(id));
    }

    private static long number(String name, String text, long least, long most) {
        var value = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
        if (value < least || value > most) {
            throw new Refused(
                    ErrorCode.MALFORMED,
                    "Expected '%s' to be a whole number from %d to %d, but it is something else"
                            .formatted(name, least, most));
        }
        return value;
    }

    private Address builder() {
        return caller.get().builder();
    }
}
