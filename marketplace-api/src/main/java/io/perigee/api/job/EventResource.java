package io.perigee.api.job;

import io.perigee.api.problem.Refused;
import io.perigee.api.session.CurrentCaller;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A job's events as they are stored. A stream reads a page, sends it, and reads the next only when that has left; so a
 * slow reader holds one page in memory and no more. Nothing is lost between streams: the id of an event is its number.
 */
@Path("/api/v1/jobs/{id}/events")
@Tag(name = "Jobs")
public class EventResource {
    private static final Logger LOG = Logger.getLogger(EventResource.class);
    private static final int PAGE = 100;
    private static final String LAST = "JobSettled";

    private final JobBook book;
    private final Bell bell;
    private final CurrentCaller caller;
    private final Sse sse;
    private final Duration keepAlive;
    private final int mostStreams;
    private final ConcurrentHashMap<String, Integer> open = new ConcurrentHashMap<>();

    EventResource(JobBook book, Bell bell, CurrentCaller caller, @Context Sse sse, Settings settings) {
        this.book = book;
        this.bell = bell;
        this.caller = caller;
        this.sse = sse;
        this.keepAlive = settings.api().events().keepAlive();
        this.mostStreams = settings.api().limits().eventStreams();
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(summary = "Events as they happen; resumes after Last-Event-ID and ends with JobSettled")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = JobEvent.class)))
    public Multi<OutboundSseEvent> events(
            @PathParam("id") String text, @HeaderParam("Last-Event-ID") @Nullable String lastEventId) {
        var id = JobResource.id(text);
        var after = lastEventId(lastEventId);
        var builder = caller.get().builder();
        refuseTooMany(builder.value());
        return stream(id, builder.value(), after);
    }

    private Multi<OutboundSseEvent> stream(JobId job, String subject, long after) {
        return Multi.createFrom().deferred(() -> {
            var ear = bell.listen(job.toString());
            open.merge(subject, 1, Integer::sum);
            return ended(job, after)
                    .onItem()
                    .transformToMulti(ended -> ended ? Multi.createFrom().empty() : pages(job, ear, after))
                    .onFailure()
                    .invoke(failure -> LOG.warnf(failure, "event stream broken jobId=%s", job))
                    .onTermination()
                    .invoke(() -> {
                        ear.close();
                        leave(subject);
                    });
        });
    }

    /** Whether a reader that has seen this event has seen the last one there will ever be. */
    private Uni<Boolean> ended(JobId job, long seen) {
        return seen == 0
                ? Uni.createFrom().item(false)
                : book.events(job, seen - 1, 1)
                        .map(events ->
                                !events.isEmpty() && events.getFirst().kind().equals(LAST));
    }

    private Multi<OutboundSseEvent> pages(JobId job, Bell.Ear ear, long after) {
        return Multi.createBy()
                .repeating()
                .uni(() -> new AtomicLong(after), last -> next(job, ear, last))
                .whilst(events -> events.isEmpty() || !events.getLast().kind().equals(LAST))
                .onItem()
                .transformToMultiAndConcatenate(events -> Multi.createFrom()
                        .items(
                                events.isEmpty()
                                        ? List.of(beat()).stream()
                                        : events.stream().map(this::event)));
    }

    /** The next page, or nothing when the job was silent for so long that the stream should say that it lives. */
    private Uni<List<JobEvent>> next(JobId job, Bell.Ear ear, AtomicLong last) {
        ear.reset();
        return book.events(job, last.get(), PAGE).chain(events -> {
            if (!events.isEmpty()) {
                last.set(events.getLast().seq());
                return Uni.createFrom().item(events);
            }
            return ear.wait(keepAlive)
                    .chain(rung ->
                            rung ? next(job, ear, last) : Uni.createFrom().item(List.of()));
        });
    }

    private OutboundSseEvent event(JobEvent event) {
        return sse.newEventBuilder()
                .id(Long.toString(event.seq()))
                .name(event.kind())
                .mediaType(MediaType.TEXT_PLAIN_TYPE)
                .data(String.class, Json.text(event))
                .build();
    }

    private OutboundSseEvent beat() {
        return sse.newEventBuilder().comment("alive").build();
    }

    private void refuseTooMany(String subject) {
        if (open.getOrDefault(subject, 0) >= mostStreams) {
            throw new Refused(
                    ErrorCode.RATE_LIMITED,
                    "Expected at most %d open event streams, but there are as many".formatted(mostStreams));
        }
    }

    private void leave(String subject) {
        open.computeIfPresent(subject, (_, count) -> count <= 1 ? null : count - 1);
    }

    private static long lastEventId(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new Refused(
                    ErrorCode.MALFORMED, "Expected Last-Event-ID to be the id of an event, but it is something else");
        }
        return Long.parseLong(text);
    }
}
