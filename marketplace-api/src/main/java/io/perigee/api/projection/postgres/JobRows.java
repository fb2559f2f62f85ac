package io.perigee.api.projection.postgres;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.CanonicalJson;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of one job, while one fact is applied. What is changed here directly is not to wait among {@link SharedRows}. */
final class JobRows {
    private static final String HAND_OUT = "assigned";

    private final Tx tx;
    private final JobId job;
    private final Instant at;
    private final Domain domain;
    private final Grants grants;
    private final SharedRows shared;

    JobRows(Tx tx, JobId job, Instant at, Domain domain, Grants grants, SharedRows shared) {
        this.tx = tx;
        this.job = job;
        this.at = at;
        this.domain = domain;
        this.grants = grants;
        this.shared = shared;
    }

    /** Intake has stored the job already, except when a lost read model is filled again from the log. */
    void submitted(JobSubmitted fact) {
        var order = fact.order();
        tx.later(
                """
        insert into job (id, builder, name, state, spec, spec_hash, job_order, order_hash, order_signature, max_payment,
                         state_until, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) on conflict do nothing
        """,
                job.value(),
                order.builder().value(),
                fact.spec().name(),
                JobState.SUBMITTED.name(),
                new String(CanonicalJson.bytes(fact.spec()), StandardCharsets.UTF_8),
                fact.specHash().value(),
                Json.text(order),
                order.digest(domain).value(),
                fact.orderSignature().toString(),
                order.maxPayment().value(),
                at.plusSeconds(fact.spec().deadlines().queue()),
                at);
    }

    /** What the job's providers are asked for. */
    Requests requests() {
        return new Requests(tx, job, at, domain);
    }

    /** What it costs, and how it is paid. */
    PaymentRows payment() {
        return new PaymentRows(tx, job, at);
    }

    void state(JobState state) {
        tx.later("update job set state = $2, updated_at = $3 where id = $1", job.value(), state.name(), at);
    }

    /** Waiting for providers; a job some run of which goes on, or that is disputed, stays what it is. */
    void queued() {
        tx.later("""
        update job set updated_at = $2, state = case
          when state = 'DISPUTED' then state
          when state = 'ACTIVE' and exists (select 1 from attempt where job = $1
            and (attempt.assignment::jsonb ->> 'role')::integer = $3
            and attempt.state in ('ASSIGNED', 'RUNNING', 'COMMITTED', 'REVEALED')) then state
          else 'QUEUED' end
        where id = $1
        """, job.value(), at, Role.REPLICA.code());
    }

    void note(String detail) {
        tx.later("update job set detail = $2, updated_at = $3 where id = $1", job.value(), detail, at);
    }

    void funded(JobFunded fact) {
        shared.funded(job, fact.reserved(), at);
    }

    void assigned(JobAssigned fact) {
        var ordered = shared.attempts().assigned(fact, at);
        shared.active(job, Instant.ofEpochSecond(ordered.order().deadline()), at);
        var provider = fact.assignment().provider().value();
        handOut(ordered.spec(), provider);
        var resumeFrom = fact.resumeFrom();
        if (resumeFrom != null) {
            grants.grant(resumeFrom, provider, HAND_OUT, true, at);
        }
    }

    private void handOut(JobSpec spec, String provider) {
        spec.baseId().ifPresent(id -> grants.grant(id, provider, HAND_OUT, true, at));
        spec.datasetId().ifPresent(id -> grants.grant(id, provider, HAND_OUT, true, at));
        spec.imageArtifact().ifPresent(id -> grants.grant(id, provider, HAND_OUT, false, at));
    }

    void started(AttemptStarted fact) {
        shared.attempts().started(fact, at);
    }

    void committed(ResultCommitted fact) {
        var commitment = fact.commitment();
        var hash = commitment.assignmentHash();
        tx.later(
                """
        update attempt set state = case when $4::integer = $10::integer then $3::text else state end, border = $4, commitment = $5, commitment_signature = $6, receipt = $7,
                           receipt_signature = $8, updated_at = $9
        where job = $1 and number = $2
        """,
                job.value(),
                fact.attempt(),
                AttemptState.COMMITTED.name(),
                commitment.toBorder(),
                Json.text(commitment),
                fact.commitmentSignature().toString(),
                Json.text(fact.receipt()),
                fact.receiptSignature().toString(),
                at,
                lastBorder(fact.attempt()));
        Deliveries.closeReceipts(tx, hash.value(), commitment.toBorder());
        Deliveries.open(
                tx,
                provider(fact.attempt()),
                job,
                hash,
                Deliveries.RECEIPT,
                commitment.toBorder(),
                new HubMessage.ReceiptGiven(job, commitment, fact.receipt(), fact.receiptSignature()),
                at);
    }

    /** An audited run that opens a part because it was asked to does nothing more: the job ends with it. */
    void revealed(ResultRevealed fact) {
        tx.later(
                """
        update attempt set state = case when $6::integer = $8::integer or $11 <> (
                             select spec::jsonb #>> '{verification,policy}' from job where id = $1) and exists (
                             select 1 from delivery d where d.assignment_hash = attempt.assignment_hash
                               and d.kind = $12 and d.border = $6::integer) then $3::text else state end,
                           opening = $4, segments = $5, revealed_border = $6,
                           outputs = $9, checkpoint = $10, updated_at = $7
        where job = $1 and number = $2
        """,
                job.value(),
                fact.attempt(),
                AttemptState.REVEALED.name(),
                Json.text(fact.opening()),
                Json.text(fact.segments()),
                fact.border(),
                at,
                lastBorder(fact.attempt()),
                text(fact.outputs()),
                text(fact.checkpoint()),
                VerificationPolicy.REPLICATE.wire(),
                Deliveries.REVEAL_REQUEST);
        requests().answered(fact.attempt(), Deliveries.REVEAL_REQUEST, fact.border());
        requests().answered(fact.attempt(), Deliveries.AWAITED_RECEIPT, fact.border());
    }

    /** What it had opened is all that will be looked at: its provider computes for nothing, in a slot that counts as free. */
    void givenUp(RunGivenUp fact) {
        tx.later(
                "update attempt set state = $3, detail = $4, updated_at = $5 where job = $1 and number = $2",
                job.value(),
                fact.attempt(),
                AttemptState.REVEALED.name(),
                fact.reason(),
                at);
        var attempt = attempt(fact.attempt());
        var hash = new Digest(attempt.string("assignment_hash"));
        Deliveries.closeWork(tx, hash.value());
        stop(attempt, hash, fact.reason());
    }

    /** A part holds, and the job goes on from there. */
    void part(PartAccepted fact) {
        tx.later(
                "update job set verified_to = $2, updated_at = $3 where id = $1",
                job.value(),
                fact.payable().toBorder(),
                at);
    }

    void ended(AttemptEnded fact) {
        var kind = fact.kind();
        tx.later(
                """
        update attempt set state = $3, failure_kind = $4, exit_code = $5, detail = $6, updated_at = $7
        where job = $1 and number = $2
        """,
                job.value(),
                fact.attempt(),
                AttemptState.of(fact.end()).name(),
                kind == null ? null : kind.name(),
                fact.exitCode(),
                fact.detail(),
                at);
        var attempt = attempt(fact.attempt());
        var hash = new Digest(attempt.string("assignment_hash"));
        var provider = attempt.string("provider");
        Deliveries.closeWork(tx, hash.value());
        if (unwanted(fact.end())) {
            stop(attempt, hash, fact.detail());
        }
        var verdict = new HubMessage.VerdictGiven(job, hash, fact.end(), fact.detail());
        Deliveries.open(tx, provider, job, hash, Deliveries.VERDICT, 0, verdict, at);
    }

    private void stop(Row attempt, Digest hash, String reason) {
        var stop = new HubMessage.Stop(job, hash, reason);
        Deliveries.open(tx, attempt.string("provider"), job, hash, Deliveries.STOP, 0, stop, at);
    }

    void decided(Outcome outcome, @Nullable Cause cause, @Nullable String detail, Payable payable) {
        var result = payable.winners().isEmpty() ? Optional.<Row>empty() : winner(payable);
        var outputs = result.flatMap(row -> row.optionalString("outputs"));
        var checkpoint = result.flatMap(row -> row.optionalString("checkpoint"));
        tx.later(
                """
        update job set state = $2, outcome = $3, cause = $4, detail = coalesce($5, detail), payable = $6,
                       verified_to = $7, outputs = $8, checkpoint = $9, state_until = null, updated_at = $10
        where id = $1
        """,
                job.value(),
                JobState.DECIDED.name(),
                outcome.name(),
                cause == null ? null : cause.name(),
                detail,
                Json.text(payable),
                payable.toBorder(),
                outputs.orElse(null),
                checkpoint.orElse(null),
                at);
        if (payable.winners().isEmpty()) {
            // who has winners was placed
            tx.later("delete from waiting where job = $1", job.value());
        }
        var builder = tx.query("select builder from job where id = $1", job.value())
                .getFirst()
                .string("builder");
        var reason = "result of " + outcome.name().toLowerCase(Locale.ROOT) + " job";
        outputs.ifPresent(id -> grants.grant(new ContentId(id), builder, reason, true, at));
        checkpoint.ifPresent(id -> grants.grant(new ContentId(id), builder, reason, true, at));
    }

    /** Whose files the builder gets: the first winner that uploaded some for the border that is paid. */
    private Optional<Row> winner(Payable payable) {
        for (RunEvidence run : payable.winners()) {
            var found = tx.queryOne("""
              select outputs, checkpoint from attempt
              where job = $1 and number = $2 and revealed_border = $3 and (outputs is not null or checkpoint is not null)
              """, job.value(), run.assignment().attempt(), payable.toBorder());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Only there is the whole of an attempt committed or revealed; before it the attempt goes on. */
    private int lastBorder(int attempt) {
        return Json.read(attempt(attempt).string("assignment"), Assignment.class)
                .toBorder();
    }

    private static @Nullable String text(@Nullable ContentId id) {
        return id == null ? null : id.value();
    }

    private String provider(int attempt) {
        return attempt(attempt).string("provider");
    }

    private Row attempt(int number) {
        return tx.queryOne(
                        "select provider, assignment_hash, assignment from attempt where job = $1 and number = $2",
                        job.value(),
                        number)
                .orElseThrow(() -> new IllegalStateException("a fact of an attempt that is not here"));
    }

    /** Whether the provider may still be working on it. */
    private static boolean unwanted(AttemptEnd end) {
        return switch (end) {
            case LOST, CANCELLED -> true;
            case VERIFIED, REJECTED, YIELDED, FAILED, DECLINED -> false;
        };
    }
}
