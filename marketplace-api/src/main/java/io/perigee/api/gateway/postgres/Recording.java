package io.perigee.api.gateway.postgres;

import io.perigee.api.gateway.AgentBook;
import io.perigee.api.gateway.AgentRules;
import io.perigee.api.persistence.Ids;
import io.perigee.eventlog.postgres.Outbox;
import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.SessionKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Reports that share a transaction: what each is about is read for all at once. */
final class Recording {
    private static final String ATTEMPTS = """
      select assignment_hash, job, provider, state, assignment, session_key from attempt where assignment_hash = any ($1)
      """;

    private final Tx tx;
    private final Domain domain;
    private final List<AgentBook.Report> reports;
    private final Set<UUID> known = new HashSet<>();
    private final Map<String, Row> attempts = new HashMap<>();
    private final Asked asked;

    Recording(Tx tx, Domain domain, List<AgentBook.Report> reports) {
        this.tx = tx;
        this.domain = domain;
        this.reports = reports;
        this.asked =
                Asked.about(tx, reports.stream().map(AgentBook.Report::message).toList());
    }

    List<Optional<Rejected>> record(Instant now) {
        tx.query("select envelope_id from outbox where envelope_id = any ($1)", (Object)
                        reports.stream().map(this::envelopeId).toArray(UUID[]::new))
                .forEach(row -> known.add(row.uuid("envelope_id")));
        tx.query(ATTEMPTS, (Object) reports.stream()
                        .map(report -> Reports.assignmentHash(report.message()).value())
                        .toArray(String[]::new))
                .forEach(row -> attempts.put(row.string("assignment_hash"), row));
        return reports.stream().map(report -> record(report, now)).toList();
    }

    private Optional<Rejected> record(AgentBook.Report report, Instant now) {
        var id = envelopeId(report);
        var over = over(report);
        if (over.isPresent() || known.contains(id)) {
            return over;
        }
        var refusal = refusal(report);
        if (refusal.isEmpty()) {
            known.add(id);
            var command = Reports.command(report.message());
            Outbox.append(tx, Envelope.of(id, now, report.provider().value(), report.trace(), command));
        }
        return refusal;
    }

    /** Also what is known: an agent that says it again has not heard yet that the attempt is over. */
    private Optional<Rejected> over(AgentBook.Report report) {
        var message = report.message();
        var provider = report.provider();
        var job = Reports.command(message).jobId();
        var hash = Reports.assignmentHash(message);
        var attempt = attempts.get(hash.value());
        if (attempt == null
                || !attempt.string("provider").equals(provider.value())
                || !attempt.uuid("job").equals(job.value())) {
            return Optional.of(new Rejected(
                    ErrorCode.NOT_ASSIGNED,
                    "Expected an assignment of job '%s' to provider '%s', but '%s' is none"
                            .formatted(job, provider, hash)));
        }
        if (Reports.OVER.contains(attempt.string("state"))) {
            return Optional.of(new Rejected(
                    ErrorCode.STALE_LEASE,
                    "Expected an attempt that goes on, but '%s' has ended as %s"
                            .formatted(hash, attempt.string("state"))));
        }
        return Optional.empty();
    }

    private Optional<Rejected> refusal(AgentBook.Report report) {
        var message = report.message();
        var attempt = Objects.requireNonNull(
                attempts.get(Reports.assignmentHash(message).value()));
        return AgentRules.aboutAttempt(
                        message,
                        Json.read(attempt.string("assignment"), Assignment.class),
                        Json.read(attempt.string("session_key"), SessionKey.class),
                        domain)
                .or(() -> unasked(message))
                .or(() -> files(report));
    }

    private Optional<Rejected> unasked(AgentMessage message) {
        return switch (message) {
            case AgentMessage.VerdictSigned m
            when !asked.verdict(m) ->
                unasked(
                        "on '%s'".formatted(m.verdict().commitmentHash()),
                        m.verdict().assignmentHash());
            case AgentMessage.VerdictRefused m when !asked.verdict(m) -> unasked("on any run", m.assignmentHash());
            default -> Optional.empty();
        };
    }

    private static Optional<Rejected> unasked(String what, Digest assignment) {
        return Optional.of(new Rejected(
                ErrorCode.WRONG_STATE,
                "Expected a verdict that is waited for, but none %s is asked of '%s'".formatted(what, assignment)));
    }

    private Optional<Rejected> files(AgentBook.Report report) {
        return switch (report.message()) {
            case AgentMessage.Reveal reveal -> Reveals.refusal(tx, report.provider(), reveal);
            case AgentMessage.Checkpoint served -> Reveals.refusal(tx, report.provider(), served);
            default -> Optional.empty();
        };
    }

    /** For the provider alone, or another could say it first. */
    private UUID envelopeId(AgentBook.Report report) {
        var message = report.message();
        var assignment = Reports.assignmentHash(message).value();
        return Ids.named(Stream.concat(
                        Stream.of("agent", report.provider().value(), assignment),
                        Reports.about(message, asked).stream())
                .toArray(String[]::new));
    }
}
