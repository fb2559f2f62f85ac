package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.sandbox.ContainerRuntime.Found;
import io.perigee.agent.sandbox.ContainerSpec;
import io.perigee.agent.sandbox.Sandbox;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.FakeHub;
import io.perigee.agent.testing.Parties;
import io.perigee.agent.testing.PrivateEngine;
import io.perigee.agent.testing.RunningAgent;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.result.Seal;
import io.perigee.testkit.image.JobImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing lost and nothing double when the connection, the hub or the agent dies. */
final class SurvivalIT {
    /** Far above what an idle agent takes (0.3 s on a quiet machine), far below what anything takes that spins or polls. */
    private static final Predicate<Duration> QUIET = cpu -> cpu.compareTo(Duration.ofSeconds(1)) < 0;

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private RunningAgent home;
    private Parties parties;
    private FakeHub hub;
    private @Nullable Agent agent;
    private @Nullable Process process;

    @BeforeEach
    void start() throws IOException {
        home = RunningAgent.at(directory.resolve("a"));
        parties = home.keygen(Parties.fresh());
        hub = new FakeHub(parties);
        home.enrol(parties, hub.url());
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (agent != null) {
            agent.close();
        }
        if (process != null) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        hub.close();
        try (var engine = PrivateEngine.get().connect()) {
            containers().forEach(found -> engine.remove(found.id()));
        }
    }

    private AWork work(String behaviour) {
        var image = JobImage.of(behaviour);
        hub.store(image);
        return AWork.of(parties).image(image);
    }

    private void awaitSlot() {
        hub.until(() -> lastSlots() > 0, LONG, "an offer with a free slot");
    }

    private int lastSlots() {
        var slots = 0;
        for (var message : hub.heard()) {
            slots = switch (message) {
                case AgentMessage.Hello m -> m.offer().slots();
                case AgentMessage.OfferChanged m -> m.offer().slots();
                default -> slots;
            };
        }
        return slots;
    }

    @Test
    void shouldRepeatWhatWasNotAckedAfterTheConnectionBroke() throws IOException {
        // given
        agent = home.start();
        awaitSlot();
        hub.acks = false;
        hub.receipts = false;
        hub.assign(work("honest").build());
        hub.await(AgentMessage.Commit.class, c -> c.commitment().toBorder() == 3, LONG);

        // when
        hub.acks = true;
        hub.dropConnections();

        // then
        hub.until(() -> hub.heard(AgentMessage.Commit.class).size() >= 6, LONG, "every commitment again");
        var commits = hub.heard(AgentMessage.Commit.class);
        assertThat(commits.subList(0, 3)).isEqualTo(commits.subList(3, 6));
        assertThat(hub.heard(AgentMessage.Accept.class)).hasSize(2);
        assertThat(hub.heard(AgentMessage.Accept.class).stream().distinct()).hasSize(1);
        hub.until(() -> outbox().isEmpty(), LONG, "an empty outbox");
    }

    @Test
    void shouldFinishTheJobWhileTheHubIsAwayAndReportItLater() throws IOException, InterruptedException {
        // given
        agent = home.start();
        awaitSlot();
        var hash = hub.assign(work("slow").build());
        hub.await(AgentMessage.Commit.class);

        // when
        hub.stop();
        Thread.sleep(5_000);
        hub.start();

        // then
        var reveal = hub.await(AgentMessage.Reveal.class);
        assertThat(reveal.assignmentHash()).isEqualTo(hash);
        assertThat(hub.heard(AgentMessage.Commit.class).stream()
                        .map(AgentMessage.Commit::ref)
                        .distinct())
                .hasSize(3);
    }

    @Test
    void shouldRepeatSoonWhatTheHubCouldNotTakeJustNow() throws IOException {
        // given
        agent = home.start();
        awaitSlot();
        hub.acks = false;
        hub.assign(work("slow-later").build());
        var accept = hub.await(AgentMessage.Accept.class);

        // when
        hub.say(new HubMessage.Refusal(
                accept.ref(),
                io.perigee.protocol.error.ErrorCode.UNAVAILABLE,
                "the database is away",
                "try again",
                true));

        // then
        hub.until(
                () -> hub.heard(AgentMessage.Accept.class).size() == 2, Duration.ofSeconds(10), "the acceptance again");
        assertThat(hub.logins).isEqualTo(1);
    }

    @Test
    void shouldAdoptItsRunningContainerAfterAKill() throws IOException, InterruptedException {
        // given
        process = home.process();
        awaitSlot();
        hub.receipts = false;
        var hash = hub.assign(work("slow-later").build());
        hub.await(AgentMessage.Commit.class);
        var before = containers();

        // when
        process.destroyForcibly().waitFor();
        process = home.process();
        hub.until(() -> hub.logins == 2, LONG, "a second login");
        var after = containers();
        hub.await(AgentMessage.Commit.class, c -> c.commitment().toBorder() == 3, LONG);
        hub.heard(AgentMessage.Commit.class).stream().distinct().forEach(hub::receipt);
        var reveal = hub.await(AgentMessage.Reveal.class);

        // then
        assertThat(before).hasSize(1).isEqualTo(after);
        var seals = hub.heard(AgentMessage.Commit.class).stream()
                .map(AgentMessage.Commit::commitment)
                .distinct()
                .toList();
        assertThat(seals).extracting(c -> c.toBorder()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(Seal.of(hash, 3, reveal.opening()))
                .isEqualTo(seals.stream()
                        .filter(c -> c.toBorder() == 3)
                        .findFirst()
                        .orElseThrow()
                        .seal());
        assertThat(hub.heard(AgentMessage.Reveal.class)).hasSize(1);
        assertThat(hub.heard(AgentMessage.Failed.class)).isEmpty();
    }

    @Test
    void shouldFinishAJobThatEndedWhileTheAgentWasDead() throws IOException, InterruptedException {
        // given
        process = home.process();
        awaitSlot();
        hub.assign(work("slow").build());
        hub.await(AgentMessage.Commit.class);
        process.destroyForcibly().waitFor();
        Thread.sleep(4_000);

        // when
        process = home.process();

        // then
        var reveal = hub.await(AgentMessage.Reveal.class);
        assertThat(reveal.segments()).hasSize(3);
        assertThat(hub.heard(AgentMessage.Failed.class)).isEmpty();
    }

    @Test
    void shouldGoOnFromWhateverMomentItIsKilled() throws IOException, InterruptedException {
        // given
        process = home.process();
        awaitSlot();
        var hash = hub.assign(work("slow").build());

        // when
        for (int life = 2; life <= 5; life++) {
            Thread.sleep(700);
            process.destroyForcibly().waitFor();
            process = home.process();
            int logins = life;
            hub.until(() -> hub.logins >= logins, LONG, "login " + logins);
        }

        // then
        var reveal = hub.await(AgentMessage.Reveal.class);
        assertThat(reveal.assignmentHash()).isEqualTo(hash);
        assertThat(hub.heard(AgentMessage.Failed.class)).isEmpty();
        assertThat(hub.heard(AgentMessage.Commit.class).stream().distinct()).hasSize(3);
        assertThat(hub.heard(AgentMessage.Reveal.class).stream().distinct()).hasSize(1);
    }

    @Test
    void shouldRemoveItsOwnStrayContainersAndNobodyElses() throws IOException {
        // given
        work("stubborn");
        String stray;
        String foreign;
        try (var engine = PrivateEngine.get().connect()) {
            load(engine);
            stray = engine.start(spec("stray", parties.provider().value()));
            foreign = engine.start(spec("foreign", Parties.fresh().provider().value()));
        }

        // when
        agent = home.start();
        awaitSlot();

        // then
        try (var engine = PrivateEngine.get().connect()) {
            hub.until(() -> containers().isEmpty(), LONG, "no container of the provider");
            assertThat(engine.inspect(stray)).isInstanceOf(io.perigee.agent.sandbox.ContainerState.Missing.class);
            assertThat(engine.inspect(foreign)).isNotInstanceOf(io.perigee.agent.sandbox.ContainerState.Missing.class);
            engine.remove(foreign);
        }
    }

    @Test
    void shouldTakeARepeatedAssignmentOnce() throws IOException {
        // given
        agent = home.start();
        awaitSlot();
        var work = work("slow").build();

        // when
        hub.assign(work);
        hub.say(work);
        hub.dropConnections();
        hub.await(AgentMessage.Reveal.class);
        hub.verdict(work);
        hub.say(work);

        // then
        hub.until(() -> containers().isEmpty(), LONG, "no container");
        assertThat(hub.heard(AgentMessage.Accept.class).stream().distinct()).hasSize(1);
        assertThat(hub.heard(AgentMessage.Decline.class)).isEmpty();
    }

    @Test
    void shouldDeclineWhilePausedAndTakeWorkAgainAfterwards() throws IOException {
        // given
        agent = home.start();
        awaitSlot();
        AgentMain.execute(hasher -> hasher, "pause", "--home", home.home().toString());
        hub.until(() -> lastSlots() == 0, LONG, "an offer without slots");
        hub.assign(work("honest").build());
        var declined = hub.await(AgentMessage.Decline.class);

        // when
        AgentMain.execute(hasher -> hasher, "resume", "--home", home.home().toString());
        awaitSlot();
        hub.assign(work("honest").build());

        // then
        hub.await(AgentMessage.Reveal.class);
        assertThat(declined.detail()).contains("paused");
    }

    @Test
    void shouldSpeakOnlyToTheHubItsOwnerNamed() throws IOException, InterruptedException {
        // given
        home.enrol(Parties.fresh().withAgent(parties.agent()), hub.url());

        // when
        agent = home.start();
        Thread.sleep(3_000);

        // then
        assertThat(hub.heard()).isEmpty();
        assertThat(StatusFile.read(home.home().resolve("status.json"))
                        .orElseThrow()
                        .connectionDetail())
                .contains("as the owner named them");
    }

    @Test
    void shouldWaitForItsEnrolment() throws IOException {
        // given
        var enrolment = home.home().resolve("enrolment.json");
        var content = Files.readAllBytes(enrolment);
        Files.delete(enrolment);
        agent = home.start();
        hub.until(() -> status().isPresent(), LONG, "a status");
        var before = status().orElseThrow();

        // when
        Files.write(enrolment, content);

        // then
        awaitSlot();
        assertThat(before.enrolled()).isFalse();
        hub.until(() -> status().orElseThrow().connected(), LONG, "a connected status");
    }

    @Test
    void shouldEndWithItsReasonWhenItCannotGoOn() throws IOException, InterruptedException {
        // given
        var stranger = parties.withAgent(KeyPair.create(new SecureRandom()));
        home.enrol(stranger, hub.url());

        // when
        var process = home.process();

        // then
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(home.home().resolve("log")).content().contains("enrol this home again");
    }

    @Test
    void shouldRefuseASecondAgentInOneHome() throws IOException {
        // given
        agent = home.start();

        // when
        var second = assertThatThrownBy(() -> home.start());

        // then
        second.isInstanceOf(InvalidValue.class).hasMessageContaining("another runs there");
    }

    @Test
    void shouldStaySmallAndQuiet() throws IOException, InterruptedException {
        // given
        process = home.process(
                "-Xms8m",
                "-Xmn6m",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders");
        awaitSlot();
        var work = work("honest").build();
        hub.assign(work);
        hub.await(AgentMessage.Reveal.class);
        hub.verdict(work);
        Thread.sleep(2_000);

        // when
        var spent = new ArrayList<Duration>();
        for (int window = 0; window < 3 && spent.stream().noneMatch(QUIET); window++) {
            spent.add(spentIn(Duration.ofSeconds(10)));
        }

        // then
        long resident = resident(process.pid());
        System.out.printf("agent: %d MB resident, CPU in 10 s of waiting: %s%n", resident / 1_000_000, spent);
        // measured at 129 MB before the agent kept its images' classes, and at 131 MB since
        assertThat(resident).isLessThan(135_000_000L);
        // what the machine's other work adds to one window is not the agent's; a busy agent is busy in all of them
        assertThat(spent).anyMatch(QUIET);
    }

    private Duration spentIn(Duration window) throws InterruptedException {
        var before = process.info().totalCpuDuration().orElseThrow();
        Thread.sleep(window);
        return process.info().totalCpuDuration().orElseThrow().minus(before);
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                .findFirst()
                .orElseThrow();
    }

    private Optional<Status> status() {
        try {
            return StatusFile.read(home.home().resolve("status.json"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<Path> outbox() {
        try (var files = Files.list(home.home().resolve("outbox"))) {
            return files.toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Found> containers() {
        try (var engine = PrivateEngine.get().connect()) {
            return engine.list(Map.of(Sandbox.PROVIDER_LABEL, parties.provider().value()));
        }
    }

    private void load(io.perigee.agent.sandbox.docker.DockerEngine engine) throws IOException {
        var file = directory.resolve("image.tar");
        Files.write(file, JobImage.of("stubborn").archive());
        var clean = new java.io.ByteArrayOutputStream();
        new io.perigee.image.ImageArchive(file, JobImage.of("stubborn").image(), 1L << 30).writeTo(clean);
        engine.load(new java.io.ByteArrayInputStream(clean.toByteArray()));
    }

    private ContainerSpec spec(String name, String provider) throws IOException {
        var checkpoints = Files.createDirectories(directory.resolve(name));
        return new ContainerSpec(
                "perigee-" + name + UUID.randomUUID(),
                JobImage.of("stubborn").image(),
                List.of(),
                Map.of("PERIGEE_FROM", "0", "PERIGEE_TO", "3"),
                Map.of(Sandbox.PROVIDER_LABEL, provider, Sandbox.ASSIGNMENT_LABEL, "0xnone"),
                ContainerSpec.User.NOBODY,
                64_000_000,
                1_000_000_000,
                64,
                new ContainerSpec.Scratch("/tmp", 1_000_000, ContainerSpec.User.NOBODY),
                List.of(new ContainerSpec.Mount(checkpoints.toAbsolutePath(), "/perigee/checkpoints", false)),
                List.of(),
                100_000,
                Optional.empty());
    }
}
