package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.sandbox.Sandbox;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.FakeHub;
import io.perigee.agent.testing.Parties;
import io.perigee.agent.testing.PrivateEngine;
import io.perigee.agent.testing.RunningAgent;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.crypto.Signatures;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.Acceptance;
import io.perigee.protocol.result.MerkleTree;
import io.perigee.protocol.result.Seal;
import io.perigee.testkit.image.JobImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of each kind of job: a real engine, a real WebSocket, a hub that remembers. */
final class JobsIT {
    @TempDir
    private Path home;

    private Parties parties;
    private FakeHub hub;
    private Agent agent;

    @BeforeEach
    void start() throws IOException {
        var running = RunningAgent.at(home.resolve("agent"));
        parties = running.keygen(Parties.fresh());
        hub = new FakeHub(parties);
        agent = running.enrol(parties, hub.url()).start();
        hub.until(
                () -> hub.heard(AgentMessage.OfferChanged.class).stream()
                                .anyMatch(o -> o.offer().slots() > 0)
                        || hub.heard(AgentMessage.Hello.class).stream()
                                .anyMatch(h -> h.offer().slots() > 0),
                Duration.ofSeconds(30),
                "an offer with a slot");
    }

    @AfterEach
    void stop() {
        agent.close();
        hub.close();
    }

    private AWork work(String behaviour) {
        var image = JobImage.of(behaviour);
        hub.store(image);
        return AWork.of(parties).image(image);
    }

    private AgentMessage.Failed failureOf(HubMessage.AssignmentOffer work) {
        var hash = hub.assign(work);
        return hub.await(AgentMessage.Failed.class, m -> m.assignmentHash().equals(hash), Duration.ofSeconds(60));
    }

    @Test
    void shouldSealEveryBorderAndOpenTheLastOneWhenTheJobIsHonest() {
        // given
        var work = work("honest").build();

        // when
        var hash = hub.assign(work);
        var reveal = hub.await(AgentMessage.Reveal.class);

        // then
        var accept = hub.await(AgentMessage.Accept.class);
        assertThat(Signatures.isBy(
                        parties.agent().address(), new Acceptance(hash).digest(parties.domain()), accept.signature()))
                .isTrue();
        var commits = hub.heard(AgentMessage.Commit.class);
        assertThat(commits).extracting(c -> c.commitment().toBorder()).containsExactly(1, 2, 3);
        assertThat(commits)
                .allMatch(c -> Signatures.isBy(
                        parties.agent().address(), c.commitment().digest(parties.domain()), c.signature()));
        assertThat(reveal.border()).isEqualTo(3);
        assertThat(Seal.of(hash, 3, reveal.opening()))
                .isEqualTo(commits.getLast().commitment().seal());
        var leaves = reveal.segments().stream()
                .map(s -> s.leaf(work.assignment().orderHash()))
                .toList();
        assertThat(reveal.opening().root()).isEqualTo(MerkleTree.of(leaves).root());
        assertThat(reveal.opening().leafCount()).isEqualTo(3);
        assertThat(reveal.opening().outputDigest()).isEqualTo(reveal.outputs().digest());
        assertThat(hub.manifest(reveal.outputs()).files())
                .extracting(FileEntry::path)
                .containsExactly("adapter_config.json", "adapter_model.safetensors");
        assertThat(hub.file(reveal.checkpoint(), "state.json"))
                .isEqualTo("{\"step\":24}\n".getBytes(StandardCharsets.UTF_8));
        assertThat(reveal.segments().getFirst().adapter())
                .isEqualTo(Sha256.of("adapter 1\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldReportProgressWhileTheJobRuns() {
        // given
        var work = work("slow").build();

        // when
        hub.assign(work);
        var progress = hub.await(AgentMessage.Progress.class, p -> p.step() == 16, Duration.ofSeconds(60));

        // then
        assertThat(progress.steps()).isEqualTo(24);
        assertThat(progress.loss()).hasToString("2.5");
        assertThat(progress.tokensPerSecond()).hasToString("1000");
    }

    @Test
    void shouldForgetTheAttemptAndItsFilesWhenTheVerdictIsIn() {
        // given
        var work = work("honest").build();
        hub.assign(work);
        hub.await(AgentMessage.Reveal.class);

        // when
        hub.verdict(work);

        // then
        hub.until(() -> isEmpty(home.resolve("agent/attempts")), Duration.ofSeconds(20), "no open attempt");
        assertThat(home.resolve("agent/history")).isNotEmptyDirectory();
        assertThat(home.resolve("agent/evidence"))
                .as("what pays the run when the hub does not")
                .isNotEmptyDirectory();
        assertThat(containers()).isEmpty();
    }

    @Test
    void shouldGiveTheJobItsInputsAndTheCanonicalSpec() {
        // given
        var base = directory(Map.of("config.json", "{\"base\":1}\n"));
        var dataset = directory(Map.of("rows.jsonl", "{\"text\":\"a\"}\n"));
        var work = work("inputs").borders(0).base(base).dataset(dataset).build();

        // when
        hub.assign(work);
        var reveal = hub.await(AgentMessage.Reveal.class);

        // then
        assertThat(new String(hub.file(reveal.outputs(), "result.txt"), StandardCharsets.UTF_8))
                .startsWith("{\"text\":\"a\"}\n{\"base\":1}\n{\"base\":\"sha256:")
                .endsWith("\"version\":1}");
        assertThat(reveal.opening().root()).isEqualTo(Digest.ZERO);
        assertThat(reveal.opening().leafCount()).isZero();
        assertThat(reveal.border()).isZero();
        assertThat(reveal.checkpoint()).isNull();
    }

    @Test
    void shouldFailWithTheContainersOwnWordsWhenTheDataIsBad() {
        // given
        var work = work("bad-data").build();

        // when
        var failed = failureOf(work);

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.BAD_DATA);
        assertThat(failed.exitCode()).isEqualTo(65);
        assertThat(failed.detail()).isEqualTo("row 7 of the dataset is no JSON");
    }

    @Test
    void shouldPreferTheReasonTheContainerLeftAsAFile() {
        // given
        var work = work("bad-spec-file").build();

        // when
        var failed = failureOf(work);

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.BAD_SPEC);
        assertThat(failed.detail()).isEqualTo("RANK_TOO_HIGH: the rank is above the width");
    }

    @Test
    void shouldTellAKillForMemoryFromACrash() {
        // given
        var greedy = work("oom").memory(80_000_000).build();
        var broken = work("crash").build();

        // when
        var killed = failureOf(greedy);
        var crashed = failureOf(broken);

        // then
        assertThat(killed.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
        assertThat(killed.exitCode()).isEqualTo(137);
        assertThat(killed.detail()).contains("80000000 bytes of memory");
        assertThat(crashed.kind()).isEqualTo(FailureKind.CRASHED);
        assertThat(crashed.exitCode()).isEqualTo(3);
        assertThat(crashed.detail()).isEqualTo("The container exited with code 3: something broke");
    }

    @Test
    void shouldBlameMemoryWhenAKilledPartLeftTheWorkUndone() {
        // given
        var work = work("child-oom").memory(80_000_000).build();

        // when
        var failed = failureOf(work);

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY);
    }

    @Test
    void shouldSayWhatWasExpectedWhenTheContractsFilesAreMissing() {
        // given
        var nothing = work("no-files").build();
        var half = work("half").build();
        var noResult = work("no-files").borders(0).build();

        // when
        var first = failureOf(nothing);
        var second = failureOf(half);
        var third = failureOf(noResult);

        // then
        assertThat(List.of(first, second, third))
                .extracting(AgentMessage.Failed::kind)
                .containsOnly(FailureKind.CONTRACT_BROKEN);
        assertThat(first.detail())
                .isEqualTo(
                        "Expected checkpoints/1/ with adapter.safetensors, optimizer.safetensors, "
                                + "state.json, metrics.jsonl and then DONE before the container exits with 0, but the last complete border is 0 of 3");
        assertThat(second.detail()).contains("checkpoints/2/").contains("1 of 3");
        assertThat(third.detail()).isEqualTo("Expected outputs/ to hold the job's result files, but it is empty");
    }

    @Test
    void shouldRefuseLinksPipesAndFilesChangedAfterTheSeal() {
        // given
        var link = work("link").build();
        var outputLink = work("output-link").build();
        var pipe = work("output-pipe").build();
        var tampered = work("tampers").build();

        // when
        var failures = List.of(failureOf(link), failureOf(outputLink), failureOf(pipe), failureOf(tampered));

        // then
        assertThat(failures).extracting(AgentMessage.Failed::kind).containsOnly(FailureKind.CONTRACT_BROKEN);
        assertThat(failures.get(0).detail()).contains("adapter.safetensors").contains("link or a special file");
        assertThat(failures.get(1).detail()).contains("secrets");
        assertThat(failures.get(2).detail()).contains("pipe");
        assertThat(failures.get(3).detail()).contains("files changed");
    }

    @Test
    void shouldConfineTheJob() {
        // given
        var work = work("probe").borders(0).build();

        // when
        hub.assign(work);
        var reveal = hub.await(AgentMessage.Reveal.class);

        // then
        var probe = new String(hub.file(reveal.outputs(), "probe.txt"), StandardCharsets.UTF_8);
        assertThat(probe)
                .contains("uid 65534 gid 65534")
                .contains("network lo\n")
                .contains("Network is unreachable")
                .containsPattern("CapEff:\\s+0000000000000000")
                .containsPattern("CapBnd:\\s+0000000000000000")
                .containsPattern("NoNewPrivs:\\s+1")
                .containsPattern("Seccomp:\\s+2")
                .contains("/anywhere': Read-only file system")
                .contains("/tmp/x: Permission denied")
                .contains("No space left on device")
                .doesNotContain("sda", "vda")
                .contains("from 0 to 0");
    }

    @Test
    void shouldHoldAForkBomb() {
        // given
        var work = work("fork-bomb").borders(0).memory(400_000_000).build();

        // when
        var failed = failureOf(work);

        // then
        assertThat(failed.kind()).isIn(FailureKind.CRASHED, FailureKind.OUT_OF_MEMORY);
        hub.until(() -> containers().isEmpty(), Duration.ofSeconds(20), "no container");
    }

    @Test
    void shouldStopAJobThatOverstaysOrOverwrites() {
        // given
        var slow = work("stubborn").runSeconds(3).leaseSeconds(10).build();
        var hog = work("disk-hog").disk(50_000_000).build();

        // when
        var late = failureOf(slow);
        var large = failureOf(hog);

        // then
        assertThat(late.kind()).isEqualTo(FailureKind.TIMED_OUT);
        assertThat(late.detail()).isEqualTo("Expected the job to end within 3 s, but it still ran and was stopped");
        assertThat(large.kind()).isEqualTo(FailureKind.CRASHED);
        assertThat(large.detail()).contains("at most 50000000 bytes");
    }

    @Test
    void shouldNotOpenWithoutTheReceiptOfTheHub() {
        // given
        hub.receipts = false;
        var work = work("honest").build();
        hub.assign(work);
        var last = hub.await(AgentMessage.Commit.class, c -> c.commitment().toBorder() == 3, Duration.ofSeconds(60));
        var stranger = Parties.fresh();
        var forged = new io.perigee.protocol.message.Receipt(last.commitment().digest(parties.domain()), 1, 0);

        // when
        hub.say(new HubMessage.ReceiptGiven(
                work.jobId(), last.commitment(), forged, stranger.hub().sign(forged.digest(parties.domain()))));
        pause(Duration.ofSeconds(2));
        var early = hub.heard(AgentMessage.Reveal.class);
        hub.receipt(last);

        // then
        hub.await(AgentMessage.Reveal.class);
        assertThat(early).isEmpty();
    }

    @Test
    void shouldDropTheWorkWhenTheHubStopsIt() {
        // given
        var work = work("slow-later").build();
        var hash = hub.assign(work);
        hub.until(() -> !containers().isEmpty(), Duration.ofSeconds(30), "a container");

        // when
        hub.say(new HubMessage.Stop(work.jobId(), hash, "not needed"));

        // then
        hub.until(
                () -> containers().isEmpty() && isEmpty(home.resolve("agent/attempts")),
                Duration.ofSeconds(30),
                "no container");
        assertThat(hub.heard(AgentMessage.Failed.class)).isEmpty();
    }

    @Test
    void shouldYieldWhenItsOwnerStopsTheAgent() {
        // given
        var work = work("yields").build();
        hub.assign(work);
        hub.await(AgentMessage.Commit.class);

        // when
        agent.close();

        // then
        var failed = hub.await(AgentMessage.Failed.class);
        assertThat(failed.kind()).isEqualTo(FailureKind.YIELDED);
        assertThat(failed.exitCode()).isEqualTo(75);
        hub.until(() -> containers().isEmpty(), Duration.ofSeconds(20), "no container");
    }

    @Test
    void shouldSayWhichInputIsMissing() {
        // given
        var work = work("honest")
                .dataset(ContentId.parse("sha256:" + "a".repeat(64)))
                .build();

        // when
        var failed = failureOf(work);

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.INPUT_UNAVAILABLE);
        assertThat(failed.detail())
                .startsWith("Expected to fetch the dataset 'sha256:aaaa")
                .contains("404");
    }

    @Test
    void shouldRefuseAnImageThatBringsAWritablePlaceOfItsOwn() {
        // given
        var work = work("volume").borders(0).build();

        // when
        var failed = failureOf(work);

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.BAD_SPEC);
        assertThat(failed.detail())
                .startsWith("Expected an image without volumes, but")
                .endsWith("declares [/data]");
    }

    @Test
    void shouldSayWhatIsWrongWithAnImageArchive() {
        // given
        var other = JobImage.of("crash");
        hub.store(other);
        var work = AWork.of(parties)
                .image(new JobImage(other.archive(), ContentId.parse("sha256:" + "9".repeat(64))))
                .build();

        // when
        var failed = failureOf(work);

        // then
        assertThat(failed.kind()).isEqualTo(FailureKind.BAD_SPEC);
        assertThat(failed.detail()).contains("none of its 1 images has that config digest");
    }

    @Test
    void shouldLoadAnImageWithoutItsTags() {
        // given
        var work = work("result-only").borders(0).build();

        // when
        hub.assign(work);
        hub.await(AgentMessage.Reveal.class);

        // then
        try (var engine = PrivateEngine.get().connect()) {
            assertThat(engine.has(JobImage.of("result-only").image())).isTrue();
            assertThat(PrivateEngine.get().tags()).isEmpty();
        }
    }

    private ContentId directory(Map<String, String> files) {
        var entries = files.entrySet().stream()
                .map(f -> {
                    var bytes = f.getValue().getBytes(StandardCharsets.UTF_8);
                    return new FileEntry(f.getKey(), bytes.length, hub.store(bytes));
                })
                .toList();
        return hub.store(new Manifest(entries).bytes());
    }

    private List<?> containers() {
        try (var engine = PrivateEngine.get().connect()) {
            return engine.list(Map.of(Sandbox.PROVIDER_LABEL, parties.provider().value()));
        }
    }

    private static boolean isEmpty(Path directory) {
        try (var files = Files.list(directory)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
