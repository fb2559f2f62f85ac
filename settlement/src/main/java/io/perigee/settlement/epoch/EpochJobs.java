package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Row;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.payout.Debt;
import io.perigee.settlement.payout.DebtBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Jobs on their way through an epoch, or past it, in PostgreSQL. */
final class EpochJobs {
    private static final String JOB = "p.job_id, p.order_hash, p.epoch, p.direct_at, p.trace";

    private EpochJobs() {}

    static boolean anyWaiting(Tx tx, Address token, int number) {
        return !tx.query(
                        "SELECT 1 FROM payout WHERE state = 'WAITING_EPOCH' AND token = $1 AND epoch = $2 LIMIT 1",
                        token.value(),
                        number)
                .isEmpty();
    }

    /** Takes the next jobs that wait for this epoch into it. */
    static List<JobId> take(Tx tx, EpochId id, int limit, Instant now) {
        return tx.query("""
            WITH taken AS (
              UPDATE payout SET state = 'IN_EPOCH', updated_at = $4 WHERE job_id IN (
                SELECT job_id FROM payout WHERE state = 'WAITING_EPOCH' AND token = $1 AND epoch = $2
                ORDER BY job_id LIMIT $3 FOR UPDATE)
              RETURNING job_id)
            SELECT job_id FROM taken ORDER BY job_id""", id.token().value(), id.number(), limit, now).stream()
                .map(row -> new JobId(row.uuid("job_id")))
                .toList();
    }

    /** What builders have to pay by other epochs that are being posted or are on the chain, and are not charged for yet. */
    static Map<Address, Amount> owedByOthers(Tx tx, EpochId id) {
        return tx.query("""
            SELECT r.builder, sum(l.amount) AS owed
            FROM payout p JOIN reservation r USING (job_id) JOIN payout_line l USING (job_id)
            WHERE p.state IN ('IN_EPOCH', 'POSTED') AND p.token = $1 AND p.epoch <> $2 AND r.hub = $3
              AND NOT EXISTS (SELECT 1 FROM book_epoch b
                WHERE b.hub = r.hub AND b.token = p.token AND b.number = p.epoch AND b.settled_transaction IS NOT NULL)
            GROUP BY r.builder""", id.token().value(), id.number(), id.hub().value()).stream()
                .collect(Collectors.toMap(
                        row -> Address.parse(row.string("builder")), row -> new Amount(row.bigInteger("owed"))));
    }

    /** What its epoch is to pay for each of these; a job without a line is not among them. */
    static List<Draft.Candidate> candidates(Tx tx, List<JobId> jobs) {
        var lines = tx.query("""
            SELECT l.job_id, r.builder, r.order_hash, l.assignment_hash, l.owner, l.amount,
              coalesce(o.spent, 0) AS spent, coalesce(a.allotted + a.recalled, 0) AS allotted
            FROM payout_line l JOIN reservation r ON r.job_id = l.job_id
              LEFT JOIN book_order o ON o.order_hash = r.order_hash
              LEFT JOIN book_allotment a ON a.builder = r.builder AND a.hub = r.hub AND a.token = r.token
            WHERE l.job_id = ANY($1) ORDER BY l.job_id, l.assignment_hash""", (Object) jobs.stream().map(JobId::value).toArray(UUID[]::new));
        return candidates(lines);
    }

    private static List<Draft.Candidate> candidates(List<Row> lines) {
        var candidates = new ArrayList<Draft.Candidate>();
        for (int from = 0; from < lines.size(); ) {
            var first = lines.get(from);
            var job = first.uuid("job_id");
            var payments = new ArrayList<Draft.Payment>();
            int at = from;
            for (; at < lines.size() && lines.get(at).uuid("job_id").equals(job); at++) {
                payments.add(payment(lines.get(at)));
            }
            candidates.add(new Draft.Candidate(
                    new JobId(job),
                    Address.parse(first.string("builder")),
                    Digest.parse(first.string("order_hash")),
                    payments,
                    new Amount(first.bigInteger("spent")),
                    new Amount(first.bigInteger("allotted"))));
            from = at;
        }
        return candidates;
    }

    private static Draft.Payment payment(Row row) {
        return new Draft.Payment(
                Digest.parse(row.string("assignment_hash")),
                Address.parse(row.string("owner")),
                new Amount(row.bigInteger("amount")));
    }

    /** No epoch pays it: it waits for `direct` to open. */
    static EpochJob leave(Tx tx, JobId job, Instant now) {
        return tx
                .query(
                        "UPDATE payout p SET state = 'WAITING_DIRECT', updated_at = $2 WHERE job_id = $1 RETURNING "
                                + JOB,
                        job.value(),
                        now)
                .stream()
                .map(EpochJobs::job)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Expected to know job " + job));
    }

    /** Jobs in a state whose epoch, which we built, is in one of those. */
    static List<EpochJob> of(Tx tx, EpochId id, Debt.State state, int limit) {
        return tx
                .query(
                        "SELECT " + JOB + " FROM payout p WHERE p.state = $1 AND p.token = $2 AND p.epoch = $3"
                                + " ORDER BY p.job_id LIMIT $4 FOR UPDATE",
                        state,
                        id.token().value(),
                        id.number(),
                        limit)
                .stream()
                .map(EpochJobs::job)
                .toList();
    }

    /** Those still waiting for an epoch that was built without them, or can no longer be posted. */
    static List<EpochJob> late(Tx tx, int lastPossible, int limit) {
        return tx.query("SELECT " + JOB + " " + """
            FROM payout p JOIN reservation r ON r.job_id = p.job_id
            WHERE p.state = 'WAITING_EPOCH' AND (p.epoch < $1 OR EXISTS (
              SELECT 1 FROM epoch e WHERE e.hub = r.hub AND e.token = p.token AND e.number = p.epoch))
            ORDER BY p.epoch LIMIT $2 FOR UPDATE OF p""", lastPossible, limit).stream()
                .map(EpochJobs::job)
                .toList();
    }

    /** Those that no epoch pays, once `direct` is open for them. */
    static List<EpochJob> due(Tx tx, Debt.State state, Instant chainTime, int limit) {
        return tx
                .query(
                        "SELECT " + JOB
                                + " FROM payout p WHERE p.state = $1 AND p.direct_at <= $2 ORDER BY p.updated_at LIMIT $3",
                        state,
                        chainTime,
                        limit)
                .stream()
                .map(EpochJobs::job)
                .toList();
    }

    /** False when it is no longer in the state it was seen in. */
    static boolean move(Tx tx, JobId job, Debt.State from, Debt.State to, Instant now) {
        return tx.execute(
                        "UPDATE payout SET state = $3, updated_at = $4 WHERE job_id = $1 AND state = $2",
                        job.value(),
                        from,
                        to,
                        now)
                == 1;
    }

    /** What its lines say, as they were planned. */
    static List<Payout> payouts(Tx tx, JobId job) {
        return tx.query("""
            SELECT a.attempt, l.owner, l.amount FROM payout_line l JOIN assignment a USING (assignment_hash)
            WHERE l.job_id = $1 ORDER BY a.attempt""", job.value()).stream()
                .map(row -> new Payout(
                        row.integer("attempt"),
                        Address.parse(row.string("owner")),
                        Address.parse(row.string("owner")),
                        new Amount(row.bigInteger("amount"))))
                .toList();
    }

    static Payable payable(Tx tx, JobId job) {
        return DebtBook.decision(tx, job)
                .orElseThrow(() -> new IllegalStateException("Expected to hold the evidence of job " + job));
    }

    private static EpochJob job(Row row) {
        return new EpochJob(
                new JobId(row.uuid("job_id")),
                Digest.parse(row.string("order_hash")),
                row.integer("epoch"),
                row.instant("direct_at"),
                row.string("trace"));
    }
}
