package io.perigee.scheduler.postgres;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Job;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.job.StoredJob;
import io.perigee.scheduler.job.WrittenFact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that a transaction holds the locks of, each read once, and what is decided about them meanwhile: it is written
 * before the commit, with one statement for each table.
 */
final class HeldJobs implements Tx.Gathering {
    /** A job of this transaction. */
    static final class Held {
        /** As it was locked; version 0 for a job that is new. */
        private final StoredJob before;

        private final String builder;
        /** How long the facts of the committed job are. */
        private final long bytesBefore;

        private StoredJob now;
        private @Nullable Instant due;
        private int wants;
        private @Nullable Instant tried;
        /** Whether it may want something else than when it was locked. */
        private boolean wantsAnew;

        private final List<WrittenFact> facts = new ArrayList<>();

        private Held(StoredJob before, String builder, long bytesBefore) {
            this.before = before;
            this.bytesBefore = bytesBefore;
            this.builder = builder;
            this.now = before;
        }

        StoredJob before() {
            return before;
        }

        Job after() {
            var job = now.job();
            if (job == null) {
                throw new IllegalStateException("Expected a job with facts, but it has none");
            }
            return job;
        }

        int version() {
            return now.version();
        }

        String builder() {
            return builder;
        }

        @Nullable
        Instant due() {
            return due;
        }

        int wants() {
            return wants;
        }

        @Nullable
        Instant tried() {
            return tried;
        }

        boolean wantsAnew() {
            return wantsAnew;
        }

        List<WrittenFact> facts() {
            return facts;
        }

        private FoldedJobs.Folded fold() {
            long added = facts.stream().mapToLong(fact -> fact.json().length).sum();
            return new FoldedJobs.Folded(now.version(), now.job(), bytesBefore + added);
        }
    }

    private final FoldedJobs folded;
    /** Empty for a job that is not there. */
    private final Map<JobId, Optional<Held>> jobs = new LinkedHashMap<>();

    HeldJobs(FoldedJobs folded) {
        this.folded = folded;
    }

    /** Locks those that are not locked yet, in the order of ids, and reads what is not known of them. */
    void lock(Tx tx, Set<JobId> ids) {
        var fresh = ids.stream().filter(id -> !jobs.containsKey(id)).toList();
        if (fresh.isEmpty()) {
            return;
        }
        fresh.forEach(id -> jobs.put(id, Optional.empty()));
        var rows = tx.query(
                "SELECT id, version, builder, trace FROM job WHERE id = ANY($1) ORDER BY id FOR UPDATE",
                (Object) ids(fresh));
        Map<JobId, Integer> versions = rows.stream()
                .collect(Collectors.toMap(row -> new JobId(row.uuid("id")), row -> row.integer("version")));
        var read = folded.read(tx, versions);
        for (var row : rows) {
            var id = new JobId(row.uuid("id"));
            var fold = read.getOrDefault(id, FoldedJobs.NOTHING);
            var stored = new StoredJob(fold.job(), row.integer("version"), row.string("trace"));
            jobs.put(id, Optional.of(new Held(stored, row.string("builder"), fold.bytes())));
        }
    }

    /** Makes room for a job that may be new. */
    void open(Tx tx, JobId id, String builder, String trace) {
        lock(tx, Set.of(id));
        if (held(id).isEmpty()) {
            jobs.put(id, Optional.of(new Held(new StoredJob(null, 0, trace), builder, 0)));
        }
    }

    Optional<StoredJob> get(JobId id) {
        return held(id).map(held -> held.now);
    }

    private Optional<Held> held(JobId id) {
        return jobs.getOrDefault(id, Optional.empty());
    }

    void append(JobId id, StoredJob before, List<WrittenFact> facts, Job after, @Nullable Instant due, int wants) {
        var held = held(id).filter(each -> each.now.version() == before.version())
                .orElseThrow(() -> new IllegalStateException(
                        "Expected to hold the lock of job '%s', but it moved on".formatted(id)));
        held.now = new StoredJob(after, before.version() + facts.size(), before.trace());
        held.due = due;
        held.wants = wants;
        if (facts.stream().anyMatch(fact -> mayChangeWants(fact.envelope().body()))) {
            held.tried = null;
            held.wantsAnew = true;
        }
        held.facts.addAll(facts);
    }

    /** Work that goes on changes nothing about what is missing beside it: a job that waits keeps its place. */
    static boolean mayChangeWants(Body fact) {
        return !(fact instanceof AttemptStarted
                || fact instanceof ResultCommitted
                || fact instanceof VerdictRequested
                || fact instanceof VerdictSigned);
    }

    void tried(JobId id, Instant now) {
        held(id).orElseThrow(() -> new IllegalStateException(
                        "Expected to hold the lock of job '%s', but it is another's".formatted(id)))
                .tried = now;
    }

    @Override
    public void write(Tx tx) {
        var held = jobs.values().stream().flatMap(Optional::stream).toList();
        JobRows.write(tx, held.stream().filter(each -> !each.facts.isEmpty()).toList());
        JobRows.tried(
                tx,
                jobs.entrySet().stream()
                        .filter(each -> each.getValue()
                                .filter(one -> one.facts.isEmpty() && one.tried != null)
                                .isPresent())
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, each -> tried(each.getValue().orElseThrow()))));
    }

    private static Instant tried(Held held) {
        var tried = held.tried;
        if (tried == null) {
            throw new IllegalStateException("Expected a job that was tried, but it was not");
        }
        return tried;
    }

    /** From here on what is held here is what was committed. */
    @Override
    public void committed() {
        jobs.forEach((id, held) -> held.ifPresent(each -> folded.keep(id, each.fold())));
    }

    static UUID[] ids(Collection<JobId> ids) {
        return ids.stream().map(JobId::value).toArray(UUID[]::new);
    }
}
