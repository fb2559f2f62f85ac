package io.perigee.api.job.postgres;

import io.perigee.api.artifact.postgres.UsedArtifacts;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.job.BatchBook;
import io.perigee.api.job.JobBook;
import io.perigee.api.provider.postgres.PresentOffers;
import io.perigee.api.settings.Settings;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Outbox;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.spec.JobSpec;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A few statements however many jobs. Under a key stands the job and not its answer, which the job's row can tell again. Rows
 * that two commits may both want are taken in order of key, then of job, so that no two of them wait for each other.
 */
@Singleton
final class PostgresBatchBook implements BatchBook {
    private static final String EARLIER = """
      select key, body_hash, coalesce(cast(job as text), cast(answer as json) ->> 'id') as job from idempotency
      where builder = $1 and key = any ($2) and (job is not null or answer is not null)
      """;

    private static final String CLAIM = """
      insert into idempotency (builder, key, body_hash, job, created_at)
      select $1, key, body_hash, job, $5
      from unnest($2::text[], $3::text[], $4::uuid[]) as each (key, body_hash, job) order by key
      on conflict (builder, key) do nothing returning key
      """;

    private static final String JOBS = """
      insert into job (id, builder, name, state, spec, spec_hash, job_order, order_hash, order_signature, max_payment,
                       state_until, created_at, updated_at)
      select id, $1, name, $2, spec, spec_hash, job_order, order_hash, signature, maximum, until, $3, $3
      from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::numeric[],
                  $12::timestamptz[])
        as each (id, name, spec, spec_hash, job_order, order_hash, signature, maximum, until) order by id
      on conflict do nothing returning id
      """;

    private static final String WAITING =
            "insert into waiting (job, builder) select job, $1 from unnest($2::uuid[]) as each (job)";

    private static final String COUNTED =
            "select count(*) as waiting from (select from waiting where builder = $1 limit $2) w";

    /** Looks at each job, in case a row was left behind. */
    private static final String COUNTED_EXACTLY = """
      select count(*) as waiting from (
        select from waiting w join job j on j.id = w.job
        where w.builder = $1 and j.state in ('SUBMITTED', 'FUNDED', 'QUEUED') limit $2) w
      """;

    private final Database database;
    private final PresentOffers offers;
    private final HubFacts hub;
    private final int mostWaiting;

    PostgresBatchBook(Database database, PresentOffers offers, HubFacts hub, Settings settings) {
        this.database = database;
        this.offers = offers;
        this.hub = hub;
        this.mostWaiting = settings.api().limits().jobsWaiting();
    }

    @Override
    public Look look(Address builder, Collection<String> keys, Collection<JobSpec> specs) {
        var known = offers.known(specs);
        return database.reading(tx -> {
            var earlier = earlier(tx, builder, keys);
            var inputs = InputRows.readable(tx, builder, specs);
            return new Look(
                    earlier,
                    new JobBook.Situation(
                            inputs.directories(), inputs.files(), InputRows.available(tx, builder, hub), known),
                    room(tx, builder));
        });
    }

    private int room(Tx tx, Address builder) {
        int room = mostWaiting - count(tx, COUNTED, builder);
        return room > 0 ? room : mostWaiting - count(tx, COUNTED_EXACTLY, builder);
    }

    private int count(Tx tx, String sql, Address builder) {
        return Math.toIntExact(
                tx.queryOne(sql, builder.value(), mostWaiting).orElseThrow().number("waiting"));
    }

    @Override
    public Map<String, Earlier> earlier(Address builder, Collection<String> keys) {
        return database.reading(tx -> earlier(tx, builder, keys));
    }

    private static Map<String, Earlier> earlier(Tx tx, Address builder, Collection<String> keys) {
        return tx.query(EARLIER, builder.value(), keys.toArray(String[]::new)).stream()
                .collect(Collectors.toMap(
                        row -> row.string("key"),
                        row -> new Earlier(row.string("body_hash"), JobId.parse(row.string("job")))));
    }

    @Override
    public List<Stored> store(Address builder, List<JobBook.Submission> submissions) {
        return database.inTransaction(tx -> {
            UsedArtifacts.use(
                    tx, inputs(submissions), submissions.getFirst().submitted().at());
            var claimed = claim(tx, builder, submissions);
            var ours = submissions.stream()
                    .filter(each -> claimed.contains(each.key()))
                    .toList();
            var inserted = ours.isEmpty() ? Set.<UUID>of() : insert(tx, builder, ours);
            var taken =
                    ours.stream().filter(each -> inserted.contains(id(each))).toList();
            if (taken.size() < ours.size()) {
                tx.execute(
                        "delete from idempotency where builder = $1 and key = any ($2)",
                        builder.value(),
                        column(
                                ours.stream()
                                        .filter(each -> !inserted.contains(id(each)))
                                        .toList(),
                                JobBook.Submission::key));
            }
            tx.execute(
                    WAITING,
                    builder.value(),
                    taken.stream().map(PostgresBatchBook::id).toArray(UUID[]::new));
            Outbox.append(tx, taken.stream().map(JobBook.Submission::submitted).toList());
            return submissions.stream()
                    .map(each -> !claimed.contains(each.key())
                            ? Stored.KEY_USED
                            : inserted.contains(id(each)) ? Stored.TAKEN : Stored.ORDER_USED)
                    .toList();
        });
    }

    private static List<ContentId> inputs(List<JobBook.Submission> submissions) {
        return submissions.stream()
                .map(each -> each.request().spec())
                .distinct()
                .flatMap(spec -> Stream.of(spec.baseId(), spec.datasetId(), spec.imageArtifact()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Set<String> claim(Tx tx, Address builder, List<JobBook.Submission> submissions) {
        return tx
                .query(
                        CLAIM,
                        builder.value(),
                        column(submissions, JobBook.Submission::key),
                        column(submissions, JobBook.Submission::bodyHash),
                        submissions.stream().map(PostgresBatchBook::id).toArray(UUID[]::new),
                        submissions.getFirst().submitted().at())
                .stream()
                .map(row -> row.string("key"))
                .collect(Collectors.toSet());
    }

    private static Set<UUID> insert(Tx tx, Address builder, List<JobBook.Submission> submissions) {
        Map<JobSpec, String> specs = new HashMap<>();
        return tx
                .query(
                        JOBS,
                        builder.value(),
                        JobState.SUBMITTED.name(),
                        submissions.getFirst().submitted().at(),
                        submissions.stream().map(PostgresBatchBook::id).toArray(UUID[]::new),
                        column(submissions, each -> each.request().spec().name()),
                        column(
                                submissions,
                                each -> specs.computeIfAbsent(each.request().spec(), PostgresBatchBook::canonical)),
                        column(
                                submissions,
                                each -> each.request().order().specHash().value()),
                        column(submissions, each -> Json.text(each.request().order())),
                        column(submissions, each -> each.orderHash().value()),
                        column(
                                submissions,
                                each -> each.request().orderSignature().toString()),
                        submissions.stream()
                                .map(each -> each.request().order().maxPayment().value())
                                .toArray(BigInteger[]::new),
                        submissions.stream().map(JobBook.Submission::until).toArray(Instant[]::new))
                .stream()
                .map(row -> row.uuid("id"))
                .collect(Collectors.toSet());
    }

    private static String canonical(JobSpec spec) {
        return new String(CanonicalJson.bytes(spec), StandardCharsets.UTF_8);
    }

    private static UUID id(JobBook.Submission submission) {
        return submission.request().order().jobId().value();
    }

    private static String[] column(List<JobBook.Submission> submissions, Function<JobBook.Submission, String> value) {
        return submissions.stream().map(value).toArray(String[]::new);
    }
}
