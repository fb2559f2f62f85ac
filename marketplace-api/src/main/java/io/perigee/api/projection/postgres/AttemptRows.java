package io.perigee.api.projection.postgres;

import static io.perigee.api.projection.postgres.SharedRows.column;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.spec.JobSpec;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/** New attempts and what their providers are told, and attempts that have begun, of all facts of one transaction. */
final class AttemptRows {
    private static final String ORDERS =
            "select id, spec_hash, job_order, order_signature from job where id = any ($1)";

    private static final String INSERT = """
      insert into attempt (job, number, assignment_hash, provider, owner, state, assignment, hub_signature, session_key,
                           session_key_signature, price, bond, created_at, updated_at, gpus)
      select job, number, hash, provider, owner, $1, assignment, hub_signature, session_key, session_key_signature, price,
             bond, at, at, gpus
      from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                  $10::text[], $11::numeric[], $12::numeric[], $13::timestamptz[], $14::integer[])
        as n (job, number, hash, provider, owner, assignment, hub_signature, session_key, session_key_signature, price, bond,
              at, gpus)
      """;

    private static final String DELIVER = """
      insert into delivery (provider, job, assignment_hash, kind, border, body, ordered, created_at)
      select provider, job, hash, $1, 0, body, true, at
      from unnest($2::text[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[]) as n (provider, job, hash, body, at)
      on conflict (assignment_hash, kind, border) do nothing
      """;

    /** The ids twice: so that a plan which was made for a small table does not read all of a large one. */
    private static final String STARTED = """
      update attempt set state = $1, acceptance = n.acceptance, updated_at = n.at
      from unnest($2::uuid[], $3::integer[], $4::text[], $5::timestamptz[]) as n (job, number, acceptance, at)
      where attempt.job = any ($2) and attempt.job = n.job and attempt.number = n.number
      """;

    private static final List<String> ORDERED = List.of("order", "spec");

    /** What an assignment is for. */
    record Ordered(JobSpec spec, JobOrder order, Signature signature) {}

    private record Assigned(JobAssigned fact, Digest hash, Ordered ordered, Instant at) {
        /** Without the order and its spec, which are most of it and stand in the job's row: whoever sends it puts them back. */
        String offer() {
            var offer = (ObjectNode) Json.tree(new HubMessage.AssignmentOffer(
                    fact.jobId(),
                    fact.attempt(),
                    fact.assignment(),
                    fact.hubSignature(),
                    ordered.order(),
                    ordered.signature(),
                    ordered.spec(),
                    fact.sessionKey().serial(),
                    fact.resumeFrom()));
            return Json.text(offer.without(ORDERED));
        }
    }

    private record Started(AttemptStarted fact, Instant at) {}

    private final Domain domain;
    private final SpecsByHash specs;
    private final Map<JobId, Ordered> orders = new HashMap<>();
    private final List<Assigned> assigned = new ArrayList<>();
    private final List<Started> started = new ArrayList<>();

    AttemptRows(Domain domain, SpecsByHash specs) {
        this.domain = domain;
        this.specs = specs;
    }

    /** Reads what jobs that get attempts were ordered as. */
    void read(Tx tx, Collection<JobId> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        var ids = jobs.stream().distinct().map(JobId::value).toArray(UUID[]::new);
        var rows = tx.query(ORDERS, (Object) ids);
        var known = specs.read(
                tx, ids, rows.stream().map(row -> row.string("spec_hash")).collect(Collectors.toSet()));
        for (var row : rows) {
            orders.put(
                    new JobId(row.uuid("id")),
                    new Ordered(
                            Objects.requireNonNull(known.get(row.string("spec_hash"))),
                            Json.read(row.string("job_order"), JobOrder.class),
                            Signature.parse(row.string("order_signature"))));
        }
    }

    /** A provider got the job. */
    Ordered assigned(JobAssigned fact, Instant at) {
        var ordered = orders.get(fact.jobId());
        if (ordered == null) {
            throw new IllegalStateException("an assignment of a job that is not here");
        }
        assigned.add(new Assigned(fact, fact.assignment().digest(domain), ordered, at));
        return ordered;
    }

    void started(AttemptStarted fact, Instant at) {
        started.add(new Started(fact, at));
    }

    void write(Tx tx) {
        if (!assigned.isEmpty()) {
            insert(tx);
            tx.later(
                    DELIVER,
                    Deliveries.ASSIGNMENT,
                    column(assigned, row -> row.fact().assignment().provider().value(), String[]::new),
                    column(assigned, row -> row.fact().jobId().value(), UUID[]::new),
                    column(assigned, row -> row.hash().value(), String[]::new),
                    column(assigned, Assigned::offer, String[]::new),
                    column(assigned, Assigned::at, Instant[]::new));
            assigned.clear();
        }
        if (!started.isEmpty()) {
            tx.later(
                    STARTED,
                    AttemptState.RUNNING.name(),
                    column(started, row -> row.fact().jobId().value(), UUID[]::new),
                    column(started, row -> row.fact().attempt(), Integer[]::new),
                    column(started, row -> row.fact().acceptance().toString(), String[]::new),
                    column(started, Started::at, Instant[]::new));
            started.clear();
        }
    }

    private void insert(Tx tx) {
        tx.later(
                INSERT,
                AttemptState.ASSIGNED.name(),
                column(assigned, row -> row.fact().jobId().value(), UUID[]::new),
                column(assigned, row -> row.fact().attempt(), Integer[]::new),
                column(assigned, row -> row.hash().value(), String[]::new),
                column(assigned, row -> row.fact().assignment().provider().value(), String[]::new),
                column(assigned, row -> row.fact().assignment().owner().value(), String[]::new),
                column(assigned, row -> Json.text(row.fact().assignment()), String[]::new),
                column(assigned, row -> row.fact().hubSignature().toString(), String[]::new),
                column(assigned, row -> Json.text(row.fact().sessionKey()), String[]::new),
                column(assigned, row -> row.fact().sessionKeySignature().toString(), String[]::new),
                column(assigned, row -> row.fact().assignment().price().value(), BigInteger[]::new),
                column(assigned, row -> row.fact().assignment().bond().value(), BigInteger[]::new),
                column(assigned, Assigned::at, Instant[]::new),
                column(assigned, row -> row.ordered().spec().resources().gpu().count(), Integer[]::new));
    }
}
