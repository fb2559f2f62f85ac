package io.perigee.scheduler.placing;

import io.perigee.eventlog.postgres.Database;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.market.MarketPolicy;
import io.perigee.market.lifecycle.HubSecrets;
import io.perigee.market.lifecycle.Job;
import io.perigee.market.matching.Recount;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.result.Draw;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the choices that were made for a job: what the job wanted and the seed from its facts, the offers from the
 * log at the number that was noted, and who comes first by the scan.
 */
public final class SelectionCheck {
    private final Database database;
    private final PlacingQueue queue;
    private final OfferLog log;
    private final MarketPolicy policy;
    private final HubSecrets secrets;

    /**
     * @param policy as it was when the choices were made
     * @param secrets that the hub's assignments commit to: with them auditors were drawn
     */
    public SelectionCheck(
            Database database, PlacingQueue queue, OfferLog log, MarketPolicy policy, HubSecrets secrets) {
        this.database = database;
        this.queue = queue;
        this.log = log;
        this.policy = policy;
        this.secrets = secrets;
    }

    /** One choice, who was chosen, and what had to be. */
    public record Checked(PlacingQueue.Placed placed, List<ProviderId> chosen, Recount.Result result) {}

    /**
     * @param unnoted how many were assigned by what owners had shown then, which nobody can recompute
     * @param brokenAt the first change of the book that is not as it was written; nothing after it can be trusted
     */
    public record Report(List<Checked> choices, int unnoted, Optional<Long> brokenAt) {
        /** Whether nothing speaks against what was noted. */
        public boolean holds() {
            return brokenAt.isEmpty()
                    && choices.stream().allMatch(checked -> checked.result() instanceof Recount.Result.Same);
        }
    }

    /** Of a job; no choices when none was made for it. */
    public Report of(JobId job) {
        return database.inTransaction(tx -> {
            var placements = queue.placements(tx, job);
            var facts = queue.facts(tx, job);
            long last = placements.stream()
                    .mapToLong(PlacingQueue.Placed::version)
                    .max()
                    .orElse(0);
            var checked = new ArrayList<Checked>();
            for (int i = 0; i < placements.size(); i++) {
                int end = i + 1 < placements.size() ? placements.get(i + 1).facts() : facts.size();
                checked.add(checked(tx, placements.get(i), facts, end));
            }
            long assigned = facts.stream()
                    .filter(envelope -> envelope.body() instanceof JobAssigned)
                    .count();
            int noted = checked.stream().mapToInt(each -> each.chosen().size()).sum();
            return new Report(checked, (int) assigned - noted, log.firstBroken(tx, last));
        });
    }

    /** @param end where the facts of the next choice begin */
    private Checked checked(Tx tx, PlacingQueue.Placed placed, List<Envelope> facts, int end) {
        var job = folded(facts.subList(0, placed.facts()));
        var requests = job.alternatives(placed.asked(), policy, committed(job)).stream()
                .map(request -> placed.classes().map(request::within).orElseGet(request::asOnceDrawn))
                .toList();
        if (requests.isEmpty()) {
            throw new IllegalStateException("Expected job '%s' to have wanted replicas at %s, but it wanted none"
                    .formatted(placed.job(), placed.asked()));
        }
        var assignments = facts.subList(placed.facts(), end).stream()
                .map(Envelope::body)
                .filter(JobAssigned.class::isInstance)
                .map(fact -> ((JobAssigned) fact).assignment())
                .limit(requests.getFirst().count())
                .toList();
        var chosen = assignments.stream().map(Assignment::provider).toList();
        var result = new Recount(log.upTo(tx, placed.version()))
                .of(requests, job.spec(), assignments.getFirst().numericClass(), chosen);
        return new Checked(placed, chosen, result);
    }

    /** A secret that is not the one an assignment commits to recomputes nothing; a replica's commits to none. */
    private HubSecrets committed(Job job) {
        return (orderHash, attempt) -> {
            var secret = secrets.secret(orderHash, attempt);
            var commitment = job.attempt(attempt).assignment().secretHash();
            if (!commitment.isZero() && !Draw.commitmentTo(secret).equals(commitment)) {
                throw new IllegalStateException(
                        "Expected to know the secret that attempt %d of job '%s' commits to, but this hub's key or draw secret is another one by now"
                                .formatted(attempt, job.id()));
            }
            return secret;
        };
    }

    private static Job folded(List<Envelope> facts) {
        @Nullable Job job = null;
        for (var envelope : facts) {
            job = Job.apply(job, (JobFact) envelope.body(), envelope.at());
        }
        if (job == null) {
            throw new IllegalStateException("Expected a job to have facts before its first choice, but it has none");
        }
        return job;
    }
}
