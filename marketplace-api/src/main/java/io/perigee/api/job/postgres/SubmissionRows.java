package io.perigee.api.job.postgres;

import io.perigee.api.job.Intake;
import io.perigee.api.job.JobBook;
import io.perigee.api.problem.Refused;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.smallrye.mutiny.Uni;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.hibernate.reactive.mutiny.Mutiny;

/** The rows of one submission, written in its transaction. */
final class SubmissionRows {
    private static final String CLAIM = """
      insert into idempotency (builder, key, body_hash, created_at) values (:builder, :key, :hash, :now)
      on conflict (builder, key) do nothing
      """;

    private static final String JOB = """
      insert into job (id, builder, name, state, spec, spec_hash, job_order, order_hash, order_signature, max_payment,
                       state_until, created_at, updated_at)
      values (:id, :builder, :name, :state, :spec, :specHash, :order, :orderHash, :signature, :maximum,
              :until, :now, :now)
      on conflict do nothing
      """;

    private SubmissionRows() {}

    /** True when nobody used the key before; waits for whoever is using it now. */
    static Uni<Boolean> claimKey(Mutiny.Session session, JobBook.Submission submission) {
        return session.createNativeQuery(CLAIM)
                .setParameter("builder", submission.builder().value())
                .setParameter("key", submission.key())
                .setParameter("hash", submission.bodyHash())
                .setParameter("now", submission.submitted().at())
                .executeUpdate()
                .map(count -> count == 1);
    }

    static Uni<JobBook.Answer> replay(Mutiny.Session session, JobBook.Submission submission) {
        return session.createNativeQuery(
                        "select body_hash, answer from idempotency where builder = :builder and key = :key",
                        Object[].class)
                .setParameter("builder", submission.builder().value())
                .setParameter("key", submission.key())
                .getSingleResult()
                .map(row -> {
                    if (!submission.bodyHash().equals(row[0])) {
                        throw Intake.mismatch(submission.key());
                    }
                    return new JobBook.Answer((String) row[1], true);
                });
    }

    static Uni<Void> insertJob(Mutiny.Session session, JobBook.Submission submission) {
        var request = submission.request();
        var order = request.order();
        Instant now = submission.submitted().at();
        return session.createNativeQuery(JOB)
                .setParameter("id", order.jobId().value())
                .setParameter("builder", submission.builder().value())
                .setParameter("name", request.spec().name())
                .setParameter("state", JobState.SUBMITTED.name())
                .setParameter("spec", new String(CanonicalJson.bytes(request.spec()), StandardCharsets.UTF_8))
                .setParameter("specHash", order.specHash().value())
                .setParameter("order", Json.text(order))
                .setParameter("orderHash", submission.orderHash().value())
                .setParameter("signature", request.orderSignature().toString())
                .setParameter("maximum", new BigDecimal(order.maxPayment().value()))
                .setParameter(
                        "until", now.plusSeconds(request.spec().deadlines().queue()))
                .setParameter("now", now)
                .executeUpdate()
                .invoke(count -> {
                    if (count == 0) {
                        throw new Refused(
                                ErrorCode.REPLAYED_ORDER,
                                "Expected a new order, but order '%s' or job '%s' was submitted before"
                                        .formatted(submission.orderHash(), order.jobId()));
                    }
                })
                .replaceWithVoid();
    }

    static Uni<JobBook.Answer> answer(Mutiny.Session session, JobBook.Submission submission, JobView view) {
        var body = Json.text(view);
        return session.createNativeQuery(
                        "update idempotency set answer = :answer where builder = :builder and key = :key")
                .setParameter("answer", body)
                .setParameter("builder", submission.builder().value())
                .setParameter("key", submission.key())
                .executeUpdate()
                .replaceWith(new JobBook.Answer(body, false));
    }
}
