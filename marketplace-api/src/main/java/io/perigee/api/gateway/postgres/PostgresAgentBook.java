package io.perigee.api.gateway.postgres;

import io.perigee.api.gateway.AgentBook;
import io.perigee.api.gateway.Told;
import io.perigee.api.hub.HubFacts;
import io.perigee.api.persistence.Ids;
import io.perigee.api.projection.postgres.EventRows;
import io.perigee.api.provider.postgres.PresentOffers;
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
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.rest.ProgressView;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

@Singleton
final class PostgresAgentBook implements AgentBook {
    private static final int MOST_DELIVERIES = 1_000;
    private static final int MOST_DROPPED = 500;

    /**
     * Signs of life are stamped and compared by the one clock that all processes share: those of two hosts may differ by more
     * than an agent may be silent.
     */
    private static final String NOW = "date_trunc('milliseconds', clock_timestamp())";

    private static final String LINES = """
      select a.provider, a.online from agent a
      join unnest($1::text[], $2::uuid[]) as b (provider, connection)
        on a.provider = b.provider and a.connection = b.connection
      where a.provider = any ($1) order by a.provider for update of a
      """;

    /**
     * A row without a delivery when there is none; none at all when the line is another's. What a job was ordered as stands
     * in its own row, and is put back into the message here. How attempts ended stays open for a day: work must not wait behind
     * all of that.
     */
    private static final String OPEN = """
      select d.id, d.work, case when d.ordered
                       then (select left(d.body, -1) || ',"order":' || j.job_order || ',"spec":' || j.spec || '}'
                             from job j where j.id = d.job)
                       else d.body end as body
      from agent a left join lateral (
        (select o.id, true as work, o.ordered, o.job, o.body
         from delivery o
         where o.provider = $1 and o.open and o.kind not in ('stop', 'verdict')
           and not exists (select from unnest($4::bigint[]) as known (id) where known.id = o.id)
         order by o.id limit $3)
        union all
        (select o.id, false as work, o.ordered, o.job, o.body
         from delivery o
         where o.provider = $1 and o.open and o.kind in ('stop', 'verdict') and o.id > $6
           and not exists (select from unnest($5::bigint[]) as known (id) where known.id = o.id)
         order by o.id limit $3)) d on true
      where a.provider = $1 and a.connection = $2 order by d.work desc, d.id
      """;

    private final Database database;
    private final PresentOffers offers;
    private final HubFacts hub;
    private final Ids ids;

    PostgresAgentBook(Database database, PresentOffers offers, HubFacts hub, Ids ids) {
        this.database = database;
        this.offers = offers;
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
              values ($1, $2, $3, $4, $5, $6, $7, true, $8, $9, %s)
              on conflict (provider) do update
              set owner = excluded.owner, session_key = excluded.session_key,
                  session_key_signature = excluded.session_key_signature, key_address = excluded.key_address,
                  serial = excluded.serial, offer = excluded.offer, online = true, connection = excluded.connection,
                  version = excluded.version, seen_at = excluded.seen_at
              """.formatted(NOW),
                    line.provider().value(),
                    key.owner().value(),
                    Json.text(key),
                    hello.ownerSignature().toString(),
                    key.key().value(),
                    key.serial(),
                    Json.text(hello.offer()),
                    line.connection(),
                    hello.agentVersion());
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
            var text = Json.text(offer);
            var before = tx.queryOne(
                    "select offer, online from agent where provider = $1 and connection = $2 for update",
                    line.provider().value(),
                    line.connection());
            if (before.isPresent()
                    && !(before.get().bool("online")
                            && before.get().string("offer").equals(text))) {
                tx.execute(
                        "update agent set offer = $2, online = true, seen_at = " + NOW + " where provider = $1",
                        line.provider().value(),
                        text);
                publishOnline(tx, line, now, trace);
            }
            return before.isPresent();
        });
    }

    @Override
    public List<Beat> heard(List<Beat> beats, Instant now) {
        return database.inTransaction(tx -> {
            Map<String, Boolean> online = new HashMap<>();
            tx.query(
                            LINES,
                            beats.stream()
                                    .map(beat -> beat.line().provider().value())
                                    .toArray(String[]::new),
                            beats.stream().map(beat -> beat.line().connection()).toArray(UUID[]::new))
                    .forEach(row -> online.put(row.string("provider"), row.bool("online")));
            tx.later("update agent set seen_at = " + NOW + " where provider = any ($1)", (Object)
                    online.keySet().toArray(String[]::new));
            var back = online.keySet().stream()
                    .filter(provider -> !online.getOrDefault(provider, true))
                    .toArray(String[]::new);
            if (back.length > 0) {
                tx.later("update agent set online = true where provider = any ($1)", (Object) back);
            }
            var ours = beats.stream()
                    .filter(beat -> online.containsKey(beat.line().provider().value()))
                    .toList();
            tx.later(
                    "update session set expires_at = n.expires_at from unnest($1::text[], $2::timestamptz[]) as n (hash, expires_at)"
                            + " where token_hash = any ($1) and token_hash = n.hash",
                    ours.stream().map(Beat::tokenHash).toArray(String[]::new),
                    ours.stream().map(Beat::tokenExpiresAt).toArray(Instant[]::new));
            ours.stream()
                    .map(Beat::line)
                    .filter(line -> !online.getOrDefault(line.provider().value(), true))
                    .forEach(line -> publishOnline(tx, line, now, ""));
            return beats.stream()
                    .filter(beat -> !online.containsKey(beat.line().provider().value()))
                    .toList();
        });
    }

    @Override
    public Optional<Open> open(Line line, Told told) {
        var rows = database.reading(tx -> tx.query(
                OPEN,
                line.provider().value(),
                line.connection(),
                MOST_DELIVERIES,
                told.work().toArray(Long[]::new),
                told.ends().toArray(Long[]::new),
                told.endsUpTo()));
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        var deliveries = rows.stream()
                .filter(row -> row.optionalNumber("id").isPresent())
                .map(row -> new Delivery(row.number("id"), row.bool("work"), row.string("body")))
                .toList();
        return Optional.of(new Open(deliveries, deliveries.size() >= MOST_DELIVERIES));
    }

    @Override
    public Set<Long> stillOpen(Set<Long> deliveries) {
        return database
                .reading(tx -> tx.query("select id from delivery where id = any ($1) and open", (Object)
                        deliveries.toArray(Long[]::new)))
                .stream()
                .map(row -> row.number("id"))
                .collect(Collectors.toSet());
    }

    @Override
    public List<Optional<Rejected>> record(List<Report> reports, Instant now) {
        return database.inTransaction(tx -> new Recording(tx, hub.domain(), reports).record(now));
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
    public List<ProviderId> dropSilent(Duration silence, Instant now, String trace) {
        return database.inTransaction(tx -> {
            var silent = tx.query("""
                      update agent set online = false where provider in (
                        select provider from agent
                        where online and seen_at < now() - $1::bigint * interval '1 millisecond'
                        order by provider limit $2 for update skip locked)
                      returning provider
                      """, silence.toMillis(), MOST_DROPPED).stream()
                    .map(row -> new ProviderId(row.string("provider")))
                    .toList();
            silent.forEach(
                    provider -> publish(tx, new ProviderOffline(provider, "not heard for " + silence), now, trace));
            return silent;
        });
    }

    @Override
    public Instant now() {
        return database.reading(tx -> tx.query("select clock_timestamp() as now"))
                .getFirst()
                .instant("now");
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
        tx.gathering(Changed.class, () -> new Changed(offers));
        Outbox.append(tx, Envelope.of(ids.uuid(now), now, Stage.INTAKE.label(), trace, fact));
    }

    /** Another process hears of it by a notification; this one, whose agent goes on at once, must not wait for that. */
    private record Changed(PresentOffers offers) implements Tx.Gathering {
        @Override
        public void write(Tx tx) {}

        @Override
        public void committed() {
            offers.changed();
        }
    }
}
