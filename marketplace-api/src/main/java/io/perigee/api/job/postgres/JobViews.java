package io.perigee.api.job.postgres;

import com.fasterxml.jackson.core.type.TypeReference;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.BundleView;
import io.perigee.protocol.rest.JobEpoch;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.rest.ProgressView;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.spec.JobSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns rows into what a builder sees. Openings are shown only once the job is decided. */
final class JobViews {
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private JobViews() {}

    static JobView job(JobEntity row, List<AttemptEntity> attempts) {
        var spec = Json.read(row.spec, JobSpec.class);
        var state = JobState.valueOf(row.state);
        var decided = state == JobState.DECIDED || state == JobState.SETTLED;
        return new JobView(
                new JobId(row.id),
                row.name,
                state,
                read(row.outcome, Outcome::valueOf),
                read(row.cause, Cause::valueOf),
                row.detail,
                new Address(row.builder),
                row.createdAt,
                row.updatedAt,
                row.stateUntil,
                spec,
                Digest.parse(row.specHash),
                Digest.parse(row.orderHash),
                Json.read(row.order, JobOrder.class),
                spec.borders(),
                row.verifiedTo,
                amount(row.maxPayment),
                amount(row.reserved),
                amount(row.paid),
                amount(row.refunded),
                attempts.stream().map(attempt -> attempt(attempt, decided)).toList(),
                texts(row.transactions),
                epoch(row),
                read(row.outputs, ContentId::new),
                read(row.checkpoint, ContentId::new));
    }

    /** A job as it was when it was submitted. */
    static JobView submitted(JobEntity row) {
        var spec = Json.read(row.spec, JobSpec.class);
        return new JobView(
                new JobId(row.id),
                row.name,
                JobState.SUBMITTED,
                null,
                null,
                null,
                new Address(row.builder),
                row.createdAt,
                row.createdAt,
                row.createdAt.plusSeconds(spec.deadlines().queue()),
                spec,
                Digest.parse(row.specHash),
                Digest.parse(row.orderHash),
                Json.read(row.order, JobOrder.class),
                spec.borders(),
                0,
                amount(row.maxPayment),
                Amount.ZERO,
                Amount.ZERO,
                Amount.ZERO,
                List.of(),
                List.of(),
                null,
                null,
                null);
    }

    private static @Nullable JobEpoch epoch(JobEntity row) {
        var finalAt = row.epochFinalAt;
        return row.epoch == null || finalAt == null ? null : new JobEpoch(row.epoch, row.epochTransaction, finalAt);
    }

    static Optional<BundleView> bundle(JobEntity row, Domain domain) {
        if (row.payable == null || row.outcome == null) {
            return Optional.empty();
        }
        var bundle = new Bundle(
                Bundle.VERSION,
                domain,
                Json.read(row.spec, JobSpec.class),
                Json.read(row.order, JobOrder.class),
                Signature.parse(row.orderSignature),
                row.outcome.toLowerCase(Locale.ROOT),
                Json.read(row.payable, Payable.class),
                texts(row.transactions));
        return Optional.of(
                new BundleView(bundle, read(row.outputs, ContentId::new), read(row.checkpoint, ContentId::new)));
    }

    private static AttemptView attempt(AttemptEntity row, boolean decided) {
        var assignment = Json.read(row.assignment, Assignment.class);
        var commitment = read(row.commitment, text -> Json.read(text, Commitment.class));
        var opening = decided ? read(row.opening, text -> Json.read(text, Opening.class)) : null;
        return new AttemptView(
                row.id.number(),
                assignment.provider(),
                assignment.owner(),
                assignment.role(),
                assignment.fromBorder(),
                assignment.toBorder(),
                AttemptState.valueOf(row.state),
                Digest.parse(row.assignmentHash),
                assignment.numericClass(),
                assignment.price(),
                assignment.bond(),
                amount(row.paid),
                Instant.ofEpochSecond(assignment.issuedAt()),
                Instant.ofEpochSecond(assignment.leaseUntil()),
                row.border,
                commitment == null ? null : commitment.seal(),
                opening == null ? null : opening.root(),
                opening == null ? null : opening.outputDigest(),
                read(row.failureKind, FailureKind::valueOf),
                row.exitCode,
                row.detail,
                read(row.progress, text -> Json.read(text, ProgressView.class)));
    }

    private static List<String> texts(String json) {
        return Json.mapper().convertValue(Json.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)), TEXTS);
    }

    private static Amount amount(BigDecimal value) {
        return new Amount(value.toBigIntegerExact());
    }

    private static <T> @Nullable T read(@Nullable String text, java.util.function.Function<String, T> reader) {
        return text == null ? null : reader.apply(text);
    }
}
