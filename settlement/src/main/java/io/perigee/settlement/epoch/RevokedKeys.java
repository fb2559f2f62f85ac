package io.perigee.settlement.epoch;

import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Jobs whose evidence holds a run or a verdict with a revoked key. The contract takes no such evidence, so who demands a
 * line of theirs could not be answered, and the bond would be lost.
 */
final class RevokedKeys {
    private RevokedKeys() {}

    /**
     * Which of these jobs it is, by the confirmed blocks. Complete once the chain's confirmed time is past the jobs' orders'
     * deadlines: a revocation counts for what was assigned after it, and nothing is assigned after the deadline.
     */
    static Set<JobId> among(Tx tx, List<JobId> jobs) {
        var shown = new ArrayList<RunEvidence>();
        var of = new ArrayList<UUID>();
        for (var row : tx.query("SELECT job_id, payable FROM decision WHERE job_id = ANY($1)", (Object) ids(jobs))) {
            var job = row.uuid("job_id");
            shown(Json.read(row.string("payable"), Payable.class)).forEach(run -> {
                shown.add(run);
                of.add(job);
            });
        }
        var revoked = new HashSet<JobId>();
        tx.query(
                        """
            SELECT DISTINCT s.job_id FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[])
              AS s (job_id, provider, serial, issued_at)
            JOIN chain_event e ON e.kind = 'KeyRevoked' AND e.body::jsonb ->> 'provider' = s.provider
              AND (e.body::jsonb ->> 'serial')::bigint = s.serial
              AND (e.body::jsonb ->> 'revokedAt')::bigint <= s.issued_at""",
                        of.toArray(UUID[]::new),
                        shown.stream()
                                .map(run -> run.sessionKey().provider().value())
                                .toArray(String[]::new),
                        shown.stream()
                                .map(run -> (long) run.sessionKey().serial())
                                .toArray(Long[]::new),
                        shown.stream().map(run -> run.assignment().issuedAt()).toArray(Long[]::new))
                .forEach(row -> revoked.add(new JobId(row.uuid("job_id"))));
        return revoked;
    }

    /** An epoch shows nobody who contradicts. */
    private static Stream<RunEvidence> shown(Payable payable) {
        return payable.links().stream()
                .flatMap(link -> Stream.concat(
                        link.winners().stream(), link.verdicts().stream().map(AuditEvidence::run)));
    }

    private static UUID[] ids(List<JobId> jobs) {
        return jobs.stream().map(JobId::value).toArray(UUID[]::new);
    }
}
