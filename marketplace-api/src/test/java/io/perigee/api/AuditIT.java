package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.command.Command;
import io.perigee.protocol.command.RefuseVerdict;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.command.ServeCheckpoint;
import io.perigee.protocol.command.SignVerdict;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How checkpoints and verdicts travel between the log and the agents. */
@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class AuditIT {
    private static final Map<String, String> CHECKPOINT = Map.of(
            "adapter.safetensors", "an adapter",
            "optimizer.safetensors", "an optimizer",
            "state.json", "{}",
            "metrics.jsonl", "{}\n");

    private static final List<SegmentHashes> PASSED = List.of(leaf(1, "one"), leaf(2, "two"));

    private SampleProvider provider;
    private SampleProvider auditor;
    private TestAgent runs;
    private TestAgent audits;
    private String token;
    private JobView job;

    @BeforeEach
    void connect() {
        provider = SampleProvider.of("provider-" + UUID.randomUUID());
        auditor = SampleProvider.of("auditor-" + UUID.randomUUID());
        runs = TestAgent.connect(provider);
        token = runs.token();
        audits = TestAgent.connect(auditor);
        job = Door.open().job();
    }

    @AfterEach
    void hangUp() {
        runs.vanish();
        audits.vanish();
    }

    @Test
    void shouldAskForACheckpointAgainAfterAReconnectUntilItIsServed() {
        // given
        var run = assigned(provider, 0, Role.REPLICA, 0, job.borders(), null);
        var by = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MICROS);
        Log.publish(new CheckpointRequested(job.id(), 0, 2, by));
        var asked = runs.next(HubMessage.CheckpointRequest.class);
        runs.vanish();
        runs = TestAgent.connect(provider);
        var again = runs.next(HubMessage.CheckpointRequest.class);
        var checkpoint = Door.directory(token, CHECKPOINT);

        // when
        var served = new AgentMessage.Checkpoint(UUID.randomUUID(), job.id(), run.hash(), 2, checkpoint);
        runs.say(served);
        runs.next(HubMessage.Ack.class);
        Log.publish(new CheckpointServed(job.id(), 0, 2, checkpoint));
        Await.until(Log.SOON, () -> openRequests(run) == 0, () -> "the request is still open");

        // then
        assertThat(asked).isEqualTo(new HubMessage.CheckpointRequest(job.id(), run.hash(), 2, by));
        assertThat(again).isEqualTo(asked);
        assertThat(commands(ServeCheckpoint.class))
                .containsExactly(new ServeCheckpoint(job.id(), run.hash(), 2, checkpoint));
    }

    @Test
    void shouldRefuseACheckpointThatIsNotTheProvidersOrNotWhatItOpened() {
        // given
        var run = assigned(provider, 0, Role.REPLICA, 0, job.borders(), null);
        var strangers = Door.directory(Door.open().token(), new TreeMap<>(Map.of("state.json", "secret " + job.id())));
        var lacking = Door.directory(token, Map.of("state.json", "{}"));
        var more = new TreeMap<>(CHECKPOINT);
        more.put("extra", "to make an auditor stumble");
        var extra = Door.directory(token, more);
        var other = Door.directory(token, CHECKPOINT);
        Log.publish(new ResultRevealed(job.id(), 0, opened(), List.of(leaf(1, "one"), leaf(2, "two")), 2, null, null));
        Await.until(Log.SOON, () -> revealed(run) == 1, () -> "the opening is not here");

        // then
        assertThat(refusal(run, 2, strangers)).isEqualTo(ErrorCode.ARTIFACT_MISSING);
        assertThat(refusal(run, 2, lacking)).isEqualTo(ErrorCode.BAD_OPENING);
        assertThat(refusal(run, 2, extra)).isEqualTo(ErrorCode.BAD_OPENING);
        assertThat(refusal(run, 2, other)).isEqualTo(ErrorCode.BAD_OPENING);
        assertThat(refusal(run, 99, other)).isEqualTo(ErrorCode.MALFORMED);
        runs.say(new AgentMessage.Checkpoint(
                UUID.randomUUID(), job.id(), run.hash(), 2, Door.directory(token, files("two"))));
        runs.next(HubMessage.Ack.class);
        assertThat(commands(ServeCheckpoint.class)).hasSize(1);
    }

    @Test
    void shouldTakeAnOpeningInPassingOnlyWithACheckpointThatOthersCanStartFrom() {
        // given
        var run = assigned(provider, 0, Role.REPLICA, 0, job.borders(), null);
        Log.publish(new AttemptStarted(job.id(), 0, Parties.HUB.sign(run.hash())));
        var more = new TreeMap<>(files("two"));
        more.put("extra", "to make the next one stumble");
        var changed = new TreeMap<>(files("two"));
        changed.put("metrics.jsonl", "other metrics");
        var good = Door.directory(token, files("two"));

        // when
        var refusals = Stream.of(more, changed)
                .map(files -> {
                    runs.say(pass(run, Door.directory(token, files)));
                    return runs.next(HubMessage.Refusal.class).code();
                })
                .toList();
        runs.say(pass(run, good));
        runs.next(HubMessage.Ack.class);
        Log.publish(new ResultRevealed(job.id(), 0, opened(), PASSED, 2, null, good));
        Await.until(Log.SOON, () -> revealed(run) == 1, () -> "the opening is not here");
        var goingOn = state(run);
        Log.publish(new RunGivenUp(job.id(), 0, 2, "The provider is gone"));
        Await.until(Log.SOON, () -> !state(run).equals("RUNNING"), () -> "the run is not given up");

        // then
        assertThat(refusals).containsExactly(ErrorCode.BAD_OPENING, ErrorCode.BAD_OPENING);
        assertThat(commands(RevealResult.class)).hasSize(1);
        assertThat(goingOn).isEqualTo("RUNNING");
        assertThat(state(run)).isEqualTo("REVEALED");
    }

    /** It may compute on for hours, in a slot that is given to others. */
    @Test
    void shouldStopARunThatIsGivenUp() {
        // given
        var run = assigned(provider, 0, Role.REPLICA, 0, job.borders(), null);
        Log.publish(new AttemptStarted(job.id(), 0, Parties.HUB.sign(run.hash())));
        Log.publish(new ResultRevealed(job.id(), 0, opened(), PASSED, 2, null, Door.directory(token, files("two"))));
        runs.next(HubMessage.AssignmentOffer.class);

        // when
        Log.publish(new RunGivenUp(job.id(), 0, 2, "It is too slow"));
        var stop = runs.next(HubMessage.Stop.class);
        runs.vanish();
        runs = TestAgent.connect(provider);

        // then
        assertThat(stop).isEqualTo(new HubMessage.Stop(job.id(), run.hash(), "It is too slow"));
        assertThat(runs.next(HubMessage.class))
                .as("all that is still to be said")
                .isEqualTo(stop);
    }

    /** Else a machine that is gone later loses what it opened nothing of. */
    @Test
    void shouldGiveTheReceiptsOfBordersThatAreToBeOpenedHoweverManyAreSealedAtOnce() {
        // given: it was away, and says all at once
        var run = assigned(provider, 0, Role.REPLICA, 0, job.borders(), null);
        Log.publish(new AttemptStarted(job.id(), 0, Parties.HUB.sign(run.hash())));
        runs.vanish();
        var sealed = SampleRun.honest(provider, run.fact(), true);
        for (int border = 1; border <= 3; border++) {
            Log.publish(committed(sealed, border));
        }
        Await.until(Log.SOON, () -> sealedTo(run) == 3, () -> "the seals are not here");
        runs = TestAgent.connect(provider);
        var latest = runs.next(HubMessage.ReceiptGiven.class);

        // when
        Log.publish(new CheckpointServed(job.id(), 0, 1, sha("one")));
        var awaited = runs.next(HubMessage.ReceiptGiven.class);
        Log.publish(new CheckpointServed(job.id(), 0, 2, sha("two")));
        runs.next(HubMessage.ReceiptGiven.class);
        Log.publish(committed(sealed, 4));
        runs.next(HubMessage.ReceiptGiven.class);
        long open = openReceipts(run);
        Log.publish(new ResultRevealed(
                job.id(),
                0,
                sealed.opening(2),
                sealed.segments(2),
                2,
                null,
                sealed.serve(2).checkpoint()));
        Await.until(Log.SOON, () -> openReceipts(run) == 2, () -> "the receipt of what is open is said for ever");

        // then
        assertThat(latest.commitment().toBorder()).isEqualTo(3);
        assertThat(awaited.commitment()).isEqualTo(sealed.commit(1).commitment());
        assertThat(open).as("those of borders 1, 2 and 4").isEqualTo(3);
    }

    /** Each would be said at every connection. */
    @Test
    void shouldNotKeepTheReceiptOfABorderWhoseCheckpointWasAskedFor() {
        // given
        var run = assigned(provider, 0, Role.REPLICA, 0, job.borders(), null);
        Log.publish(new AttemptStarted(job.id(), 0, Parties.HUB.sign(run.hash())));
        var sealed = SampleRun.honest(provider, run.fact(), true);
        Log.publish(committed(sealed, 1));
        Log.publish(committed(sealed, 2));

        // when
        Log.publish(new CheckpointRequested(job.id(), 0, 1, Instant.now()));
        Await.until(Log.SOON, () -> openRequests(run) == 1, () -> "nothing is asked");
        Log.publish(new CheckpointServed(job.id(), 0, 1, sha("one")));
        Await.until(Log.SOON, () -> openRequests(run) == 0, () -> "the request is still open");

        // then
        assertThat(openReceipts(run)).isOne();
    }

    /** Else who is paid could leave its builder a proof that does not hold. */
    @Test
    void shouldTakeTheOpeningOfAWholeRunOnlyWithTheFilesOfACheckpoint() {
        // given
        var run = assigned(provider, 0, Role.REPLICA, 0, job.borders(), null);
        Log.publish(new AttemptStarted(job.id(), 0, Parties.HUB.sign(run.hash())));
        var more = new TreeMap<>(files("two"));
        more.put("extra", "to make a verifier stumble");
        var outputs = Door.directory(token, Map.of("adapter", "an adapter"));

        // when
        runs.say(whole(run, outputs, Door.directory(token, more)));
        var refusal = runs.next(HubMessage.Refusal.class);
        runs.say(whole(run, outputs, Door.directory(token, files("two"))));

        // then
        runs.next(HubMessage.Ack.class);
        assertThat(refusal.detail()).contains("but it holds other files");
    }

    @Test
    void shouldLetAnAuditorReadTheCheckpointItStartsFromAndNoOther() {
        // given
        var mine = Door.directory(token, files("start of " + job.id()));
        var next = Door.directory(token, files("next of " + job.id()));

        // when
        assigned(auditor, 0, Role.AUDITOR, 1, 2, mine);
        var offer = audits.next(HubMessage.AssignmentOffer.class);

        // then
        assertThat(offer.resumeFrom()).isEqualTo(mine);
        var reader = audits.token();
        var manifest = Door.asking(reader).get("/api/v1/artifacts/" + mine);
        assertThat(manifest.statusCode()).isEqualTo(200);
        assertThat(Manifest.ofBytes(manifest.asByteArray()).files()).allSatisfy(file -> assertThat(Door.asking(reader)
                        .get("/api/v1/artifacts/" + file.sha256())
                        .statusCode())
                .isEqualTo(200));
        assertThat(Door.asking(reader).get("/api/v1/artifacts/" + next).statusCode())
                .isEqualTo(404);
    }

    @Test
    void shouldTakeAnAuditorsOpeningWithoutFilesAndNoneWithFiles() {
        // given
        var audit = assigned(auditor, 0, Role.AUDITOR, 3, job.borders(), null);
        var opening = new Opening(Digest.ZERO, 1, sha("outputs").digest(), Digest.ZERO);
        var found = List.of(leaf(job.borders(), "found"));

        // when
        audits.say(reveal(audit, opening, found, sha("outputs")));
        var refusal = audits.next(HubMessage.Refusal.class);
        audits.say(reveal(audit, opening, found, null));

        // then
        audits.next(HubMessage.Ack.class);
        assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED);
    }

    @Test
    void shouldShowARunToItsAuditorAndCarryItsVerdict() {
        // given
        var run = SampleRun.honest(
                provider,
                assigned(provider, 0, Role.REPLICA, 0, job.borders(), null).fact(),
                true);
        var audit = assigned(auditor, 1, Role.AUDITOR, 0, 1, null);
        var commitment = run.commit(4).commitment();
        Log.publish(new VerdictRequested(job.id(), 1, commitment, run.opening(4), run.segments(4)));
        var request = audits.next(HubMessage.VerdictRequest.class);
        var verdict = new Verdict(
                audit.hash(),
                commitment.digest(Parties.DOMAIN),
                run.opening(4).root(),
                run.opening(4).outputDigest(),
                4);
        var signature = auditor.session().sign(verdict.digest(Parties.DOMAIN));

        // when
        audits.say(new AgentMessage.VerdictSigned(
                UUID.randomUUID(), job.id(), verdict, provider.session().sign(verdict.digest(Parties.DOMAIN))));
        var forged = audits.next(HubMessage.Refusal.class);
        audits.say(new AgentMessage.VerdictSigned(UUID.randomUUID(), job.id(), verdict, signature));
        audits.next(HubMessage.Ack.class);
        audits.say(new AgentMessage.VerdictRefused(
                UUID.randomUUID(), job.id(), audit.hash(), VerdictRefusal.LEAF_DIFFERS, "Expected …, but …"));
        audits.next(HubMessage.Ack.class);
        runs.say(new AgentMessage.VerdictRefused(
                UUID.randomUUID(), job.id(), run.hash(), VerdictRefusal.TOO_EARLY, "Expected …, but …"));
        var noAuditor = runs.next(HubMessage.Refusal.class);
        Log.publish(new VerdictSigned(job.id(), 1, verdict, signature));
        Await.until(Log.SOON, () -> openRequests(audit) == 0, () -> "the request is still open");

        // then
        assertThat(request)
                .isEqualTo(new HubMessage.VerdictRequest(
                        job.id(), audit.hash(), commitment, run.opening(4), run.segments(4)));
        assertThat(forged.code()).isEqualTo(ErrorCode.BAD_SIGNATURE);
        assertThat(noAuditor.code()).isEqualTo(ErrorCode.WRONG_STATE);
        assertThat(commands(SignVerdict.class)).containsExactly(new SignVerdict(job.id(), verdict, signature));
        assertThat(commands(RefuseVerdict.class)).hasSize(1);
    }

    // ---- what the parties hold

    private record Held(JobAssigned fact) {
        Digest hash() {
            return fact.assignment().digest(Parties.DOMAIN);
        }
    }

    private Held assigned(
            SampleProvider to, int attempt, Role role, int from, int until, @Nullable ContentId resumeFrom) {
        var now = Instant.now();
        var assignment = new Assignment(
                job.orderHash(),
                attempt,
                to.id(),
                to.address(),
                role,
                from,
                until,
                NumericClass.STRICT,
                Amount.of(1_000),
                Amount.of(1_000),
                Digest.ZERO,
                now.getEpochSecond(),
                now.getEpochSecond() + 600);
        var fact = new JobAssigned(
                job.id(),
                attempt,
                assignment,
                Parties.HUB.sign(assignment.digest(Parties.DOMAIN)),
                to.sessionKey(),
                to.sessionKeySignature(),
                now.plusSeconds(30),
                resumeFrom);
        Log.publish(fact);
        Await.until(
                Log.SOON,
                () -> Log.count(
                                "select count(*) from api.attempt where assignment_hash = ?",
                                assignment.digest(Parties.DOMAIN).value())
                        == 1,
                () -> "no attempt");
        return new Held(fact);
    }

    private ErrorCode refusal(Held run, int border, ContentId checkpoint) {
        runs.say(new AgentMessage.Checkpoint(UUID.randomUUID(), job.id(), run.hash(), border, checkpoint));
        return runs.next(HubMessage.Refusal.class).code();
    }

    private AgentMessage.Reveal reveal(
            Held audit, Opening opening, List<SegmentHashes> found, @Nullable ContentId outputs) {
        return new AgentMessage.Reveal(
                UUID.randomUUID(), job.id(), audit.hash(), job.borders(), opening, found, outputs, null);
    }

    private AgentMessage.Reveal pass(Held run, ContentId checkpoint) {
        return new AgentMessage.Reveal(UUID.randomUUID(), job.id(), run.hash(), 2, opened(), PASSED, null, checkpoint);
    }

    private AgentMessage.Reveal whole(Held run, ContentId outputs, ContentId checkpoint) {
        var opening = new Opening(Digest.ZERO, 2, outputs.digest(), Digest.ZERO);
        return new AgentMessage.Reveal(
                UUID.randomUUID(), job.id(), run.hash(), 2, opening, PASSED, outputs, checkpoint);
    }

    private String state(Held run) {
        return Stream.of("RUNNING", "REVEALED")
                .filter(state -> Log.count(
                                "select count(*) from api.attempt where state = ? and assignment_hash = ?",
                                state,
                                run.hash().value())
                        == 1)
                .findFirst()
                .orElse("another");
    }

    private ResultCommitted committed(SampleRun run, int border) {
        var said = run.commit(border);
        var receipt = new Receipt(
                said.commitment().digest(Parties.DOMAIN), Instant.now().getEpochSecond(), 0);
        return new ResultCommitted(
                job.id(),
                0,
                said.commitment(),
                said.signature(),
                receipt,
                Parties.HUB.sign(receipt.digest(Parties.DOMAIN)));
    }

    private static long sealedTo(Held of) {
        return Log.count(
                "select coalesce(max(border), 0) from api.delivery where kind like '%receipt' and assignment_hash = ?",
                of.hash().value());
    }

    private static long openReceipts(Held of) {
        return Log.count(
                "select count(*) from api.delivery where open and kind like '%receipt' and assignment_hash = ?",
                of.hash().value());
    }

    private static long openRequests(Held of) {
        return Log.count(
                "select count(*) from api.delivery where open and kind like '%-request' and assignment_hash = ?",
                of.hash().value());
    }

    private static long revealed(Held run) {
        return Log.count(
                "select count(*) from api.attempt where segments is not null and assignment_hash = ?",
                run.hash().value());
    }

    private <T extends Command> List<T> commands(Class<T> type) {
        return Log.outbox(job.id().toString()).stream()
                .map(Envelope::body)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static Opening opened() {
        return new Opening(Digest.ZERO, 2, Digest.ZERO, Digest.ZERO);
    }

    private static Map<String, String> files(String flavour) {
        return Map.of(
                "adapter.safetensors", "adapter " + flavour,
                "optimizer.safetensors", "optimizer " + flavour,
                "state.json", "state " + flavour,
                "metrics.jsonl", "metrics " + flavour);
    }

    private static SegmentHashes leaf(int border, String flavour) {
        return new SegmentHashes(
                border,
                sha("adapter " + flavour),
                sha("optimizer " + flavour),
                sha("state " + flavour),
                sha("metrics " + flavour));
    }

    private static ContentId sha(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
