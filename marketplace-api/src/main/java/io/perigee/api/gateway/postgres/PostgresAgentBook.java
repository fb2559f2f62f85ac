package io.perigee.api.gateway.postgres;

import io.perigee.api.gateway.AgentBook;
import io.perigee.api.gateway.AgentRules;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.persistence.Ids;
import io.perigee.api.projection.postgres.EventRows;
import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Outbox;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.lifecycle.Stage;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.ProviderFact;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.ProgressView;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

@Singleton
final class PostgresAgentBook implements AgentBook {
    private static final int MOST_DELIVERIES = 1_000;
    private static final int MOST_DROPPED = 500;

    private final Database database;
    private final HubFacts hub;
    private final Ids ids;

    PostgresAgentBook(Database database, HubFacts hub, Ids ids) {
        this.database = database;
        this.hub = hub;
        this.ids = ids;
    }

    @Override
    public Optional<Rejected> logIn(
            Line line, AgentMessage.Hello hello, String tokenHash, Instant tokenExpiresAt, Instant now, String trace) {
        return database.inTransaction(tx -> {
            var key = hello.sessionKey();
            var known = tx.queryOne(
                    "select owner, serial from agent where provider = $1 for update",
                    line.provider().value());
            if (known.isPresent() && known.get().number("serial") > key.serial()) {
                return Optional.of(new Rejected(
                        ErrorCode.FORBIDDEN,
                        "Expected a session key of serial %d or later, but this is serial %d"
                                .formatted(known.get().number("serial"), key.serial())));
            }
            tx.execute(
                    """
              insert into agent (provider, owner, session_key, session_key_signature, key_address, serial, offer, online,
                                 connection, version, seen_at)
              values ($1, $2, $3, $4, $5, $6, $7, true, $8, $9, $10)
              on conflict (provider) do update
              set owner = excluded.owner, session_key = excluded.session_key,
                  session_key_signature = excluded.session_key_signature, key_address = excluded.key_address,
                  serial = excluded.serial, offer = excluded.offer, online = true, connection = excluded.connection,
                  version = excluded.version, seen_at = excluded.seen_at
              """,
                    line.provider().value(),
                    key.owner().value(),
                    Json.text(key),
                    hello.ownerSignature().toString(),
                    key.key().value(),
                    key.serial(),
                    Json.text(hello.offer()),
                    line.connection(),
                    hello.agentVersion(),
                    now);
            tx.execute(
                    "insert into session (token_hash, kind, subject, created_at, expires_at) values ($1, 'provider', $2, $3, $4)",
                    tokenHash,
                    line.provider().value(),
                    now,
                    tokenExpiresAt);
            var online = new ProviderOnline(line.provider(), key.owner(), key, hello.ownerSignature(), hello.offer());
            publish(tx, online, now, trace);
            // an older connection of this provider, in whatever process, looks and finds itself replaced
            tx.query(
                    "select pg_notify('perigee_api_agent', $1)::text",
                    line.provider().value());
            return Optional.empty();
        });
    }

    @Override
    public boolean offer(Line line, Offer offer, Instant now, String trace) {
        return database.inTransaction(tx -> {
            var changed = tx.execute(
                            "update agent set offer = $3, seen_at = $4, online = true where provider = $1 and connection = $2",
                            line.provider().value(),
                            line.connection(),
                            Json.text(offer),
                            now)
                    == 1;
            if (changed) {
                publishOnline(tx, line, now, trace);
            }
            return changed;
        });
    }

    @Override
    public boolean heard(Line line, String tokenHash, Instant tokenExpiresAt, Instant now) {
        return database.inTransaction(tx -> {
            var known = tx.queryOne(
                    "select online from agent where provider = $1 and connection = $2 for update",
                    line.provider().value(),
                    line.connection());
            if (known.isEmpty()) {
                return false;
            }
            tx.execute(
                    "update agent set seen_at = $2, online = true where provider = $1",
                    line.provider().value(),
                    now);
            tx.execute("update session set expires_at = $2 where token_hash = $1", tokenHash, tokenExpiresAt);
            if (!known.get().bool("online")) {
                publishOnline(tx, line, now, "");
            }
            return true;
        });
    }

    @Override
    public Optional<List<Delivery>> open(Line line) {
        return database.inTransaction(tx -> {
            var ours = tx.queryOne(
                    "select 1 as one from agent where provider = $1 and connection = $2",
                    line.provider().value(),
                    line.connection());
            if (ours.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(tx
                    .query(
                            "select id, body from delivery where provider = $1 and open order by id limit $2",
                            line.provider().value(),
                            MOST_DELIVERIES)
                    .stream()
                    .map(row -> new Delivery(row.number("id"), row.string("body")))
                    .toList());
        });
    }

    @Override
    public Optional<Rejected> record(ProviderId provider, AgentMessage message, Instant now, String trace) {
        return database.inTransaction(tx -> record(tx, provider, message, now, trace));
    }

    private Optional<Rejected> record(Tx tx, ProviderId provider, AgentMessage message, Instant now, String trace) {
        var command = Reports.command(message);
        var envelopeId =
                Ids.named("agent", provider.value(), Reports.ref(message).toString());
        if (tx.queryOne("select 1 as one from outbox where envelope_id = $1", envelopeId)
                .isPresent()) {
            return Optional.empty();
        }
        var hash = Reports.assignmentHash(message);
        var attempt = tx.queryOne(
                "select job, provider, state, assignment, session_key from attempt where assignment_hash = $1",
                hash.value());
        if (attempt.isEmpty()
                || !attempt.get().string("provider").equals(provider.value())
                || !attempt.get().uuid("job").equals(command.jobId().value())) {
            return Optional.of(new Rejected(
                    ErrorCode.NOT_ASSIGNED,
                    "Expected an assignment of job '%s' to provider '%s', but '%s' is none"
                            .formatted(command.jobId(), provider, hash)));
        }
        var row = attempt.get();
        if (Reports.OVER.contains(row.string("state"))) {
            return Optional.of(new Rejected(
                    ErrorCode.STALE_LEASE,
                    "Expected an attempt that goes on, but '%s' has ended as %s".formatted(hash, row.string("state"))));
        }
        var refusal = AgentRules.aboutAttempt(
                message,
                Json.read(row.string("assignment"), Assignment.class),
                Json.read(row.string("session_key"), SessionKey.class),
                hub.domain());
        if (refusal.isPresent()) {
            return refusal;
        }
        var files =
                switch (message) {
                    case AgentMessage.Reveal reveal -> Reveals.refusal(tx, provider, reveal);
                    case AgentMessage.Checkpoint served -> Reveals.refusal(tx, provider, served);
                    default -> Optional.<Rejected>empty();
                };
        if (files.isPresent()) {
            return files;
        }
        Outbox.append(tx, Envelope.of(envelopeId, now, provider.value(), trace, command));
        return Optional.empty();
    }

    @Override
    public void progress(ProviderId provider, AgentMessage.Progress report, Instant now) {
        database.transact(tx -> {
            var attempt = tx.queryOne(
                    """
                  select job, number from attempt where assignment_hash = $1 and provider = $2 and job = $3
                    and state in ('ASSIGNED', 'RUNNING', 'COMMITTED')
                  """,
                    report.assignmentHash().value(),
                    provider.value(),
                    report.jobId().value());
            attempt.ifPresent(row -> progress(tx, row.uuid("job"), row.integer("number"), report, now));
        });
    }

    private static void progress(Tx tx, UUID job, int attempt, AgentMessage.Progress report, Instant now) {
        var view = new ProgressView(
                attempt,
                report.step(),
                report.steps(),
                report.border(),
                report.loss(),
                report.lr(),
                report.gradNorm(),
                report.tokensPerSecond(),
                report.etaSeconds(),
                now);
        EventRows.append(tx, job, now, "progress", "provider", attempt, null, "", Map.of(), view);
        tx.execute("update attempt set progress = $3 where job = $1 and number = $2", job, attempt, Json.text(view));
    }

    @Override
    public void left(Line line, Instant now, String trace) {
        database.transact(tx -> {
            var left = tx.execute(
                    "update agent set online = false where provider = $1 and connection = $2 and online",
                    line.provider().value(),
                    line.connection());
            if (left == 1) {
                publish(tx, new ProviderOffline(line.provider(), "the agent said goodbye"), now, trace);
            }
        });
    }

    @Override
    public List<ProviderId> dropSilent(Instant since, Instant now, String trace) {
        return database.inTransaction(tx -> {
            var silent = tx.query("""
                      update agent set online = false where provider in (
                        select provider from agent where online and seen_at < $1
                        order by provider limit $2 for update skip locked)
                      returning provider
                      """, since, MOST_DROPPED).stream()
                    .map(row -> new ProviderId(row.string("provider")))
                    .toList();
            silent.forEach(
                    provider -> publish(tx, new ProviderOffline(provider, "not heard since " + since), now, trace));
            return silent;
        });
    }

    private void publishOnline(Tx tx, Line line, Instant now, String trace) {
        var row = tx.query(
                        "select owner, session_key, session_key_signature, offer from agent where provider = $1",
                        line.provider().value())
                .getFirst();
        publish(
                tx,
                new ProviderOnline(
                        line.provider(),
                        new Address(row.string("owner")),
                        Json.read(row.string("session_key"), SessionKey.class),
                        Signature.parse(row.string("session_key_signature")),
                        Json.read(row.string("offer"), Offer.class)),
                now,
                trace);
    }

    private void publish(Tx tx, ProviderFact fact, Instant now, String trace) {
        Outbox.append(tx, Envelope.of(ids.uuid(now), now, Stage.INTAKE.label(), trace, fact));
    }
}
