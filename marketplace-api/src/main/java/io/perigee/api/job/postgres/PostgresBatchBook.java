package io.perigee.api.job.postgres;

import io.perigee.api.hub.HubFacts;
import io.perigee.api.job.BatchBook;
import io.perigee.api.job.JobBook;
import io.perigee.api.persistence.postgres.Transactions;
import io.perigee.api.provider.postgres.LiveOffers;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Outbox;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.spec.JobSpec;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Three statements however many jobs. Rows that two batches may both want are taken in order of key, then of job, so that
 * no two batches wait for each other.
 */
@Singleton
final class PostgresBatchBook implements BatchBook {
    private static final String EARLIER = """
      select key, body_hash, cast(answer as json) ->> 'id' as job from idempotency
      where builder = $1 and key = any ($2) and answer is not null
      """;

    private static final String CLAIM = """
      insert into idempotency (builder, key, body_hash, answer, created_at)
      select $1, key, body_hash, answer, $5
      from unnest($2::text[], $3::text[], $4::text[]) as each (key, body_hash, answer) order by key
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

    private final Database database;
    private final Transactions transactions;
    private final HubFacts hub;

    PostgresBatchBook(Database database, Transactions transactions, HubFacts hub) {
        this.database = database;
        this.transactions = transactions;
        this.hub = hub;
    }

    @Override
    public Map<String, Earlier> earlier(Address builder, Collection<String> keys) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        return database.inTransaction(tx -> tx.query(EARLIER, builder.value(), keys.toArray(String[]::new))).stream()
                .collect(Collectors.toMap(
                        row -> row.string("key"),
                        row -> new Earlier(row.string("body_hash"), JobId.parse(row.string("job")))));
    }

    @Override
    public JobBook.Situation situation(Address builder, Collection<JobSpec> specs) {
        return transactions.await(
                session -> LiveOffers.of(session).chain(offers -> InputRows.readable(session, builder, specs)
                        .chain(inputs -> InputRows.available(session, builder, hub)
                                .map(available -> new JobBook.Situation(
                                        inputs.directories(), inputs.files(), available, offers)))));
    }

    @Override
    public List<Stored> store(Address builder, List<JobBook.Submission> submissions) {
        return database.inTransaction(tx -> {
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
            Outbox.append(tx, taken.stream().map(JobBook.Submission::submitted).toList());
            return submissions.stream()
                    .map(each -> !claimed.contains(each.key())
                            ? Stored.KEY_USED
                            : inserted.contains(id(each)) ? Stored.TAKEN : Stored.ORDER_USED)
                    .toList();
        });
    }

    private static Set<String> claim(Tx tx, Address builder, List<JobBook.Submission> submissions) {
        return tx
                .query(
                        CLAIM,
                        builder.value(),
                        column(submissions, JobBook.Submission::key),
                        column(submissions, JobBook.Submission::bodyHash),
                        column(submissions, each -> Json.text(view(each))),
                        submissions.getFirst().submitted().at())
                .stream()
                .map(row -> row.string("key"))
                .collect(Collectors.toSet());
    }

    private static Set<UUID> insert(Tx tx, Address builder, List<JobBook.Submission> submissions) {
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
                                each -> new String(
                                        CanonicalJson.bytes(each.request().spec()), StandardCharsets.UTF_8)),
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
                        submissions.stream().map(PostgresBatchBook::until).toArray(Instant[]::new))
                .stream()
                .map(row -> row.uuid("id"))
                .collect(Collectors.toSet());
    }

    /** A new job as its row will say it. */
    private static JobView view(JobBook.Submission submission) {
        var spec = submission.request().spec();
        var order = submission.request().order();
        var at = submission.submitted().at();
        return new JobView(
                order.jobId(),
                spec.name(),
                JobState.SUBMITTED,
                null,
                null,
                null,
                submission.builder(),
                at,
                at,
                until(submission),
                spec,
                order.specHash(),
                submission.orderHash(),
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

    private static Instant until(JobBook.Submission submission) {
        return submission
                .submitted()
                .at()
                .plusSeconds(submission.request().spec().deadlines().queue());
    }

    private static UUID id(JobBook.Submission submission) {
        return submission.request().order().jobId().value();
    }

    private static String[] column(List<JobBook.Submission> submissions, Function<JobBook.Submission, String> value) {
        return submissions.stream().map(value).toArray(String[]::new);
    }
}
