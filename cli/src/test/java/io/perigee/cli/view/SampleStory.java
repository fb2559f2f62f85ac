package io.perigee.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.BodyTypes;
import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.fact.VerdictRefused;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.ProgressView;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The events of a job, as a hub would send them. */
public final class SampleStory {
    private static final Signature SIGNATURE = Signature.of(new byte[65]);
    private static final int STEPS = 8;

    private final List<JobEvent> events = new ArrayList<>();
    private final JobId job = new JobId(Uuid7.of(Instant.parse("2026-03-01T12:00:00Z"), new byte[10]));
    private final List<JobAssigned> assigned = new ArrayList<>();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    /** Two that agree. */
    public static List<JobEvent> honest() {
        var story = new SampleStory();
        story.begin();
        story.run(0);
        story.run(1);
        story.open(0);
        story.open(1);
        story.end(List.of(0, 1), List.of());
        return story.events;
    }

    /** One that forges, and a third that shows it. */
    public static List<JobEvent> cheated() {
        var story = new SampleStory();
        story.begin();
        story.run(0);
        story.run(1);
        story.open(0);
        story.open(1);
        story.add(new ResultDisputed(story.job, 4, List.of(0, 1), "the openings of border 4 differ"));
        story.assign(2);
        story.run(2);
        story.open(2);
        story.end(List.of(0, 2), List.of(1));
        return story.events;
    }

    /** One run, of which two segments are run again. */
    public static List<JobEvent> audited() {
        var story = new SampleStory();
        story.begin(SampleJobs.audited(VerificationPolicy.AUDIT));
        story.assign(0);
        story.run(0);
        story.open(0);
        story.add(new SegmentsDrawn(story.job, 0, 40, Parties.digest("block"), List.of(2, 4)));
        story.add(new CheckpointRequested(story.job, 0, 1, story.now.plusSeconds(60)));
        story.add(new CheckpointServed(story.job, 0, 1, Parties.content("checkpoint")));
        story.assign(1, Role.AUDITOR, 1, 2);
        story.assign(2, Role.AUDITOR, 3, 4);
        story.open(1);
        story.end(List.of(0), List.of());
        return story.events;
    }

    /** One that declines, in words of its own, and an auditor that does not sign, in the same. */
    static List<JobEvent> refused(String words) {
        var story = new SampleStory();
        story.begin();
        story.add(new AttemptEnded(story.job, 0, AttemptEnd.DECLINED, null, null, words));
        story.add(new VerdictRefused(story.job, 1, VerdictRefusal.TOO_EARLY, words));
        return story.events;
    }

    private void begin() {
        begin(SampleJobs.strict(2));
        assign(0);
        assign(1);
    }

    private void begin(JobSpec spec) {
        var order = SampleJobs.order(job, spec, now, 3600);
        add(SampleJobs.submitted(order, spec));
        add(new JobFunded(job, Amount.of(2_500_000), 12));
    }

    private void assign(int attempt) {
        assign(attempt, Role.REPLICA, 0, 4);
    }

    private void assign(int attempt, Role role, int from, int to) {
        var owner = Parties.key("owner " + attempt).address();
        var provider = ProviderId.of(Parties.digest("provider " + attempt).bytes());
        var assignment = new Assignment(
                Digest.ZERO,
                attempt,
                provider,
                owner,
                role,
                from,
                to,
                NumericClass.STRICT,
                Amount.of(409_600),
                Amount.of(409_600),
                Digest.ZERO,
                now.getEpochSecond(),
                now.getEpochSecond() + 600);
        var key = new SessionKey(owner, provider, owner, Parties.HUB.address(), 1, 0, 2_000_000_000);
        var fact = new JobAssigned(job, attempt, assignment, SIGNATURE, key, SIGNATURE, now.plusSeconds(30), null);
        assigned.add(fact);
        add(fact);
        add(new AttemptStarted(job, attempt, SIGNATURE));
    }

    private void run(int attempt) {
        for (int step = 1; step <= STEPS; step++) {
            var loss = Decimal.of(3.4 - 0.8 * Math.log(step) / 2);
            var view = new ProgressView(
                    attempt,
                    step,
                    STEPS,
                    step / 2,
                    loss,
                    new Decimal("0.0002"),
                    null,
                    Decimal.of(1234.5),
                    STEPS - step,
                    now.plusSeconds(1));
            event("progress", Json.tree(view));
        }
        var hash = assigned.get(attempt).assignment().digest(Parties.DOMAIN);
        var commitment = new io.perigee.protocol.message.Commitment(hash, 4, Parties.digest("seal " + attempt));
        add(new ResultCommitted(
                job,
                attempt,
                commitment,
                SIGNATURE,
                new Receipt(commitment.digest(Parties.DOMAIN), now.getEpochSecond(), 0),
                SIGNATURE));
    }

    private void open(int attempt) {
        event(
                "ResultRevealed",
                Json.mapper()
                        .createObjectNode()
                        .put("jobId", job.toString())
                        .put("attempt", attempt)
                        .put("border", 4));
    }

    private void end(List<Integer> winners, List<Integer> losers) {
        add(new ResultAccepted(
                job,
                new Payable(
                        4,
                        winners.stream().map(a -> evidence(a, "honest")).toList(),
                        losers.stream().map(a -> evidence(a, "forged")).toList())));
        winners.forEach(attempt ->
                add(new AttemptEnded(job, attempt, AttemptEnd.VERIFIED, null, null, "agrees with the quorum")));
        losers.forEach(attempt -> add(
                new AttemptEnded(job, attempt, AttemptEnd.REJECTED, null, null, "its root contradicts two others")));
        add(new SettlementSent(job, "direct " + job, Parties.digest("direct").value()));
        var payouts = winners.stream()
                .map(a -> new Payout(a, owner(a), owner(a), Amount.of(409_600)))
                .toList();
        add(new CreditsReserved(job, Parties.digest("direct").value(), 40, 412_345, payouts, now.plusSeconds(5)));
        add(new SettlementSent(job, "collect " + job, Parties.digest("collect").value()));
        var burns = losers.stream()
                .map(a -> new Burn(a, owner(a), Amount.of(409_600)))
                .toList();
        add(new JobSettled(
                job, List.of(Parties.digest("direct").value()), 500_000, payouts, Amount.of(1_680_800), burns));
    }

    private io.perigee.protocol.id.Address owner(int attempt) {
        return assigned.get(attempt).assignment().owner();
    }

    private RunEvidence evidence(int attempt, String work) {
        var fact = assigned.get(attempt);
        var commitment = new io.perigee.protocol.message.Commitment(Digest.ZERO, 4, Digest.ZERO);
        return new RunEvidence(
                fact.assignment(),
                SIGNATURE,
                SIGNATURE,
                fact.sessionKey(),
                SIGNATURE,
                commitment,
                SIGNATURE,
                new Receipt(Digest.ZERO, 0, 0),
                SIGNATURE,
                new io.perigee.protocol.result.Opening(
                        Parties.digest(work), 4, Parties.digest(work + " outputs"), Digest.ZERO),
                List.of());
    }

    private void add(JobFact fact) {
        event(BodyTypes.nameOf(fact.getClass()), Json.tree(fact));
    }

    private void event(String kind, JsonNode data) {
        now = now.plusMillis(700);
        events.add(new JobEvent(events.size() + 1L, kind, now, data));
    }
}
