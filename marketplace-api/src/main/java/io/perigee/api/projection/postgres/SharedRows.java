package io.perigee.api.projection.postgres;

import io.perigee.api.projection.Story;
import io.perigee.api.projection.Words;
import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobState;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the facts of one transaction change about events and about their jobs' own rows: gathered, and written with one
 * statement for each table. Whoever reads these rows, or changes them otherwise, writes what is gathered first.
 */
final class SharedRows {
    private static final String LOCK = "select id, last_event from job where id = any ($1) order by id for update";

    private static final String EVENTS = """
      insert into event (job, seq, at, kind, actor, attempt, cause, detail, links, data)
      select * from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::integer[], $7::text[],
                           $8::text[], $9::text[], $10::text[])
      """;

    /** The ids twice: so that a plan which was made for a small table does not read all of a large one. */
    private static final String JOBS = """
      update job set last_event = n.last_event, state = coalesce(n.state, job.state),
                     state_until = coalesce(n.state_until, job.state_until), reserved = coalesce(n.reserved, job.reserved),
                     updated_at = coalesce(n.updated_at, job.updated_at)
      from unnest($1::uuid[], $2::bigint[], $3::text[], $4::timestamptz[], $5::numeric[], $6::timestamptz[])
        as n (id, last_event, state, state_until, reserved, updated_at)
      where job.id = any ($1) and job.id = n.id
      """;

    private static final String PLACED = "delete from waiting where job = any ($1)";

    /** A row of {@code event}. */
    private record Event(
            UUID job,
            long seq,
            Envelope envelope,
            Words words,
            @Nullable Integer attempt,
            String data) {}

    /** What becomes of a job's row. */
    private static final class Change {
        private long lastEvent;
        private @Nullable JobState state;
        private @Nullable Instant until;
        private @Nullable BigInteger reserved;
        private @Nullable Instant at;
    }

    private final Tx tx;
    private final AttemptRows attempts;
    private final Map<JobId, Long> lastEvents = new HashMap<>();
    private final Map<JobId, Change> changes = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();

    SharedRows(Tx tx, AttemptRows attempts) {
        this.tx = tx;
        this.attempts = attempts;
    }

    AttemptRows attempts() {
        return attempts;
    }

    /** Locks the jobs that are there, in the order that everybody takes these locks in. */
    void lock(Collection<JobId> jobs) {
        for (Row row : tx.query(
                LOCK, (Object) jobs.stream().distinct().map(JobId::value).toArray(UUID[]::new))) {
            lastEvents.put(new JobId(row.uuid("id")), row.number("last_event"));
        }
    }

    boolean isThere(JobId job) {
        return lastEvents.containsKey(job);
    }

    /** A job that was not there was stored. */
    void stored(JobId job) {
        lastEvents.put(job, 0L);
    }

    /** Numbers become visible in their order, because the job is locked. */
    void event(Envelope envelope, JobFact fact, Words words, @Nullable Integer attempt) {
        var last = lastEvents.get(fact.jobId());
        if (last == null) {
            throw new IllegalStateException("an event of a job that is not here");
        }
        long number = last + 1;
        lastEvents.put(fact.jobId(), number);
        change(fact.jobId()).lastEvent = number;
        events.add(new Event(fact.jobId().value(), number, envelope, words, attempt, Json.text(Story.told(fact))));
    }

    void funded(JobId job, Amount reserved, Instant at) {
        state(job, JobState.FUNDED, at).reserved = reserved.value();
    }

    void active(JobId job, Instant until, Instant at) {
        state(job, JobState.ACTIVE, at).until = until;
    }

    private Change state(JobId job, JobState state, Instant at) {
        var change = change(job);
        change.state = state;
        change.at = at;
        return change;
    }

    private Change change(JobId job) {
        return changes.computeIfAbsent(job, id -> {
            var change = new Change();
            change.lastEvent = lastEvents.getOrDefault(id, 0L);
            return change;
        });
    }

    /** Writes what is gathered. */
    void write() {
        if (!changes.isEmpty()) {
            var rows = List.copyOf(changes.entrySet());
            tx.later(
                    JOBS,
                    column(rows, row -> row.getKey().value(), UUID[]::new),
                    column(rows, row -> row.getValue().lastEvent, Long[]::new),
                    column(rows, row -> name(row.getValue().state), String[]::new),
                    column(rows, row -> row.getValue().until, Instant[]::new),
                    column(rows, row -> row.getValue().reserved, BigInteger[]::new),
                    column(rows, row -> row.getValue().at, Instant[]::new));
            var placed = rows.stream()
                    .filter(row -> row.getValue().state == JobState.ACTIVE)
                    .toList();
            if (!placed.isEmpty()) {
                tx.later(PLACED, (Object) column(placed, row -> row.getKey().value(), UUID[]::new));
            }
            changes.clear();
        }
        if (!events.isEmpty()) {
            tx.later(
                    EVENTS,
                    column(events, Event::job, UUID[]::new),
                    column(events, Event::seq, Long[]::new),
                    column(events, event -> event.envelope().at(), Instant[]::new),
                    column(events, event -> event.envelope().type(), String[]::new),
                    column(events, event -> event.words().actor(), String[]::new),
                    column(events, Event::attempt, Integer[]::new),
                    column(events, event -> event.words().cause(), String[]::new),
                    column(events, event -> event.words().detail(), String[]::new),
                    column(events, event -> Json.text(event.words().links()), String[]::new),
                    column(events, Event::data, String[]::new));
            events.clear();
        }
        attempts.write(tx);
    }

    private static @Nullable String name(@Nullable JobState state) {
        return state == null ? null : state.name();
    }

    static <R, C extends @Nullable Object> C[] column(List<R> rows, Function<R, C> value, IntFunction<C[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
