package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.FakeHub;
import io.perigee.agent.testing.Parties;
import io.perigee.agent.testing.RunningAgent;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.result.Seal;
import io.perigee.protocol.result.SegmentHashes;
import io.perigee.testkit.image.JobImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments run again by another owner's agent, and the checkpoints they start from. */
final class AuditIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private final Parties parties = Parties.fresh();
    private final List<AutoCloseable> open = new ArrayList<>();
    private RunningAgent providerHome;
    private Parties provider;
    private FakeHub hub;

    @BeforeEach
    void start() throws IOException {
        providerHome = RunningAgent.at(directory.resolve("p"));
        provider = providerHome.keygen(parties);
        hub = new FakeHub(provider);
        open.add(hub);
        providerHome.enrol(provider, hub.url(), "perigee.agent.slots=2");
    }

    @AfterEach
    void stop() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void shouldRunOneSegmentAgainAndSignWhatItFound() throws IOException {
        // given
        run(providerHome);
        var auditor = auditor();
        var work = work("honest", provider).audited().build();
        var whole = opened(work, provider);
        hub.ask(new HubMessage.CheckpointRequest(
                work.jobId(), whole.assignmentHash(), 1, Instant.now().plusSeconds(60)));
        var checkpoint = hub.await(AgentMessage.Checkpoint.class).checkpoint();
        var uploaded = hub.uploaded();
        var audit = AWork.of(auditor).auditing(1, 2, checkpoint).build(work);

        // when
        var reveal = opened(audit, auditor);
        var shown = shown(audit, auditor, whole);
        hub.ask(shown);
        var verdict = hub.await(AgentMessage.VerdictSigned.class);

        // then
        assertThat(reveal.segments()).containsExactly(whole.segments().get(1));
        assertThat(reveal.opening().outputDigest()).isEqualTo(Digest.ZERO);
        assertThat(reveal.outputs()).isNull();
        assertThat(reveal.checkpoint()).isNull();
        assertThat(commits(reveal.assignmentHash()))
                .extracting(Commitment::toBorder)
                .containsExactly(2);
        assertThat(hub.uploaded()).as("an auditor uploads nothing").isEqualTo(uploaded);
        assertThat(directory.resolve(
                        "a/attempts/" + reveal.assignmentHash().value().substring(2) + "/job"))
                .as("nor keeps anything")
                .doesNotExist();
        assertThat(verdict.verdict().commitmentHash())
                .isEqualTo(shown.commitment().digest(parties.domain()));
        assertThat(verdict.verdict().verifiedTo()).isEqualTo(3);
        assertThat(Signatures.isBy(
                        auditor.agent().address(), verdict.verdict().digest(parties.domain()), verdict.signature()))
                .isTrue();
    }

    @Test
    void shouldDeriveTheOutputsAgainWhereItsSegmentIsTheLast() throws IOException {
        // given
        run(providerHome);
        var auditor = auditor();
        var work = work("honest", provider).audited().build();
        var whole = opened(work, provider);
        var checkpoint = served(whole, 2);

        // when
        var reveal = opened(AWork.of(auditor).auditing(2, 3, checkpoint).build(work), auditor);

        // then
        assertThat(reveal.segments()).containsExactly(whole.segments().get(2));
        assertThat(reveal.opening().outputDigest()).isEqualTo(whole.opening().outputDigest());
        assertThat(reveal.outputs()).as("the digest alone is opened").isNull();
    }

    @Test
    void shouldRefuseToSignAForgedRunAlsoAfterARestart() throws Exception {
        // given
        run(providerHome);
        var auditorHome = RunningAgent.at(directory.resolve("a"));
        var auditor = enrolled(auditorHome);
        var first = auditorHome.start();
        awaitSlots(2);
        var work = work("honest", provider).audited().build();
        var whole = opened(work, provider);
        var audit = AWork.of(auditor).auditing(0, 1, null).build(work);
        var found = opened(audit, auditor);
        var honest = shown(audit, auditor, whole);
        hub.ask(honest);
        hub.await(AgentMessage.VerdictSigned.class);

        // when
        hub.say(forged(honest));
        var refused = hub.await(AgentMessage.VerdictRefused.class);
        first.close();
        hub.forgetVerdicts();
        run(auditorHome);
        var again = hub.await(AgentMessage.VerdictSigned.class, _ -> true, LONG);
        hub.say(shorter(audit, whole));
        var second =
                hub.await(AgentMessage.VerdictRefused.class, m -> m.reason() == VerdictRefusal.JUDGED_ALREADY, LONG);

        // then
        assertThat(refused.reason()).isEqualTo(VerdictRefusal.BAD_OPENING);
        assertThat(again.verdict().assignmentHash()).isEqualTo(found.assignmentHash());
        assertThat(again.verdict().root()).isEqualTo(whole.opening().root());
        assertThat(second.detail()).startsWith("Expected one verdict of this assignment, but");
    }

    @Test
    void shouldServeAnyCheckpointUntilTheVerdictAlsoAfterAKill() throws Exception {
        // given
        var process = providerHome.process();
        open.add(() -> process.destroyForcibly().waitFor(10, TimeUnit.SECONDS));
        awaitSlots(1);
        var work = work("honest", provider).audited().build();
        var whole = opened(work, provider);
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        // when
        run(providerHome);
        var checkpoint = served(whole, 1);
        hub.verdict(work);

        // then
        var segment = whole.segments().getFirst();
        assertThat(hub.manifest(checkpoint).files())
                .extracting(FileEntry::path)
                .containsExactly("adapter.safetensors", "metrics.jsonl", "optimizer.safetensors", "state.json");
        assertThat(hub.manifest(checkpoint).files())
                .extracting(FileEntry::sha256)
                .containsExactly(segment.adapter(), segment.metrics(), segment.optimizer(), segment.state());
        hub.until(() -> isEmpty(directory.resolve("p/attempts")), LONG, "no kept checkpoint");
    }

    @Test
    void shouldUploadEveryEighthCheckpointUnaskedAndTheOthersNot() throws IOException {
        // given
        run(providerHome);
        var work = work("honest", provider).audited().borders(17).build();

        // when
        opened(work, provider);
        hub.until(() -> hub.heard(AgentMessage.Checkpoint.class).size() == 2, LONG, "two checkpoints");

        // then
        assertThat(hub.heard(AgentMessage.Checkpoint.class))
                .extracting(AgentMessage.Checkpoint::border)
                .containsExactly(8, 16);
        assertThat(hub.file(hub.heard(AgentMessage.Checkpoint.class).getFirst().checkpoint(), "adapter.safetensors"))
                .isEqualTo("adapter 8\n".getBytes(StandardCharsets.UTF_8));
        assertThat(hub.uploaded()).doesNotContain(sha("adapter 7\n"));
    }

    @Test
    void shouldSealTheLastBorderBeforeItUploadsAndGoOnAfterAKill() throws Exception {
        // given
        var process = providerHome.process();
        open.add(() -> process.destroyForcibly().waitFor(10, TimeUnit.SECONDS));
        awaitSlots(1);
        var work = work("slow", provider).build();
        var hash = hub.assign(work);
        hub.await(AgentMessage.Commit.class, _ -> true, LONG);
        hub.answersUploads = false;
        hub.await(AgentMessage.Commit.class, commit -> commit.commitment().toBorder() == 3, LONG);

        // when
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        hub.answersUploads = true;
        run(providerHome);
        var reveal = hub.await(AgentMessage.Reveal.class, _ -> true, LONG);

        // then
        assertThat(commits(hash).stream()
                        .filter(commit -> commit.toBorder() == 3)
                        .distinct())
                .singleElement()
                .satisfies(commit -> assertThat(commit.seal()).isEqualTo(Seal.of(hash, 3, reveal.opening())));
        assertThat(hub.manifest(reveal.outputs()).files()).hasSize(2);
        assertThat(hub.heard(AgentMessage.Failed.class)).isEmpty();
    }

    @Test
    void shouldNotBlameTheJobForACheckpointThatIsNone() throws IOException {
        // given
        run(providerHome);
        var work = work("honest", provider).audited().build();
        var other = hub.store(new Manifest(List.of(new FileEntry("state.json", 2, hub.store(bytes("{}"))))).bytes());
        var text = hub.store(bytes("no manifest"));

        // when
        var lacking = failureOf(AWork.of(provider).auditing(1, 2, other).build(work));
        var unreadable = failureOf(AWork.of(provider).auditing(2, 3, text).build(work));

        // then
        assertThat(List.of(lacking, unreadable))
                .extracting(AgentMessage.Failed::kind)
                .containsOnly(FailureKind.INPUT_UNAVAILABLE);
        assertThat(lacking.detail()).contains("checkpoint of border 1").endsWith("but it holds state.json");
        assertThat(unreadable.detail()).contains("checkpoint of border 2");
    }

    @Test
    void shouldBlameTheCheckpointAndNotTheJobWhereTheTrainerSaysSo() throws IOException {
        // given
        run(providerHome);
        var work = work("bad-checkpoint", provider).audited().build();
        var checkpoint = served(opened(work, provider), 1);

        // when
        var failed = failureOf(AWork.of(provider).auditing(1, 2, checkpoint).build(work));

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.BAD_CHECKPOINT);
        assertThat(failed.detail()).contains("its header is not JSON");
    }

    @Test
    void shouldTakeNothingNewWhileTooMuchWaitsForItsVerdict() throws IOException {
        // given
        providerHome.enrol(provider, hub.url(), "perigee.agent.kept=100B");
        run(providerHome);
        var first = work("honest", provider).build();
        opened(first, provider);

        // when
        hub.assign(work("honest", provider).build());
        var declined = hub.await(AgentMessage.Decline.class);
        hub.verdict(first);
        hub.until(() -> isEmpty(directory.resolve("p/attempts")), LONG, "no kept checkpoint");
        var second = opened(work("honest", provider).build(), provider);

        // then
        assertThat(declined.detail()).startsWith("Expected room for what finished work leaves, but");
        assertThat(second.border()).isEqualTo(3);
    }

    // ---- parties and their words

    private void run(RunningAgent home) throws IOException {
        int logins = hub.logins;
        long offers = offers();
        open.add(home.start());
        hub.until(() -> hub.logins > logins && offers() > offers, LONG, "the agent with a slot");
    }

    private Parties auditor() throws IOException {
        var home = RunningAgent.at(directory.resolve("a"));
        var auditor = enrolled(home);
        run(home);
        return auditor;
    }

    private Parties enrolled(RunningAgent home) throws IOException {
        var auditor = home.keygen(parties.another());
        home.enrol(auditor, hub.url());
        return auditor;
    }

    /** So many agents have offered a slot. */
    private void awaitSlots(int agents) {
        hub.until(() -> hub.logins >= agents && offers() >= agents, LONG, agents + " agents with a slot");
    }

    private long offers() {
        return hub.heard().stream()
                .filter(message -> message instanceof AgentMessage.OfferChanged m
                                && m.offer().slots() > 0
                        || message instanceof AgentMessage.Hello h && h.offer().slots() > 0)
                .count();
    }

    private AWork work(String behaviour, Parties to) {
        var image = JobImage.of(behaviour);
        hub.store(image);
        return AWork.of(to).image(image);
    }

    private AgentMessage.Reveal opened(AssignmentOffer work, Parties by) {
        hub.assign(work);
        var hash = work.assignment().digest(by.domain());
        int last = work.assignment().toBorder();
        return hub.await(AgentMessage.Reveal.class, m -> m.assignmentHash().equals(hash) && m.border() == last, LONG);
    }

    private AgentMessage.Failed failureOf(AssignmentOffer work) {
        var hash = hub.assign(work);
        return hub.await(AgentMessage.Failed.class, m -> m.assignmentHash().equals(hash), LONG);
    }

    private ContentId served(AgentMessage.Reveal of, int border) {
        hub.ask(new HubMessage.CheckpointRequest(
                of.jobId(), of.assignmentHash(), border, Instant.now().plusSeconds(60)));
        return hub.await(AgentMessage.Checkpoint.class, m -> m.border() == border, LONG)
                .checkpoint();
    }

    private List<Commitment> commits(Digest of) {
        return hub.heard(AgentMessage.Commit.class).stream()
                .map(AgentMessage.Commit::commitment)
                .filter(commitment -> commitment.assignmentHash().equals(of))
                .toList();
    }

    private HubMessage.VerdictRequest shown(AssignmentOffer audit, Parties auditor, AgentMessage.Reveal whole) {
        return new HubMessage.VerdictRequest(
                audit.jobId(),
                audit.assignment().digest(auditor.domain()),
                commits(whole.assignmentHash()).getLast(),
                whole.opening(),
                whole.segments());
    }

    /** The run with one leaf exchanged that the auditor did not run. */
    private static HubMessage.VerdictRequest forged(HubMessage.VerdictRequest honest) {
        var segments = new ArrayList<SegmentHashes>(honest.segments());
        var last = segments.removeLast();
        segments.add(new SegmentHashes(last.border(), last.optimizer(), last.adapter(), last.state(), last.metrics()));
        return new HubMessage.VerdictRequest(
                honest.jobId(), honest.assignmentHash(), honest.commitment(), honest.opening(), segments);
    }

    /** Another true run of the same provider: its prefix to border 2. */
    private HubMessage.VerdictRequest shorter(AssignmentOffer audit, AgentMessage.Reveal whole) {
        hub.say(new HubMessage.RevealRequest(whole.jobId(), whole.assignmentHash(), 2, "CANCELLED"));
        var prefix = hub.await(AgentMessage.Reveal.class, m -> m.border() == 2, LONG);
        var commitment = commits(whole.assignmentHash()).stream()
                .filter(each -> each.toBorder() == 2)
                .findFirst()
                .orElseThrow();
        return new HubMessage.VerdictRequest(
                audit.jobId(),
                audit.assignment().digest(parties.domain()),
                commitment,
                prefix.opening(),
                prefix.segments());
    }

    private static ContentId sha(String text) {
        return io.perigee.protocol.crypto.Sha256.of(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isEmpty(Path directory) {
        try (var files = Files.list(directory)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}
