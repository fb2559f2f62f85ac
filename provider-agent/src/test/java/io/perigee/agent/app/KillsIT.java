package io.perigee.agent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.sandbox.Sandbox;
import io.perigee.agent.testing.FakeHub;
import io.perigee.agent.testing.Parties;
import io.perigee.agent.testing.PrivateEngine;
import io.perigee.agent.testing.Quickstart;
import io.perigee.agent.testing.RunningAgent;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.id.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A provider that is killed at random instants and comes back loses one segment each time, at most, and ends with the
 * bits of a run that nothing happened to.
 *
 * <p>{@code -Dperigee.kills=20 -Dperigee.kills.seed=7} kills more often, or at the instants of an earlier run.
 */
final class KillsIT {
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final int KILLS = Integer.getInteger("perigee.kills", Blow.values().length);
    private static final long SEED = Long.getLong("perigee.kills.seed", System.nanoTime());
    /** At most so many in one run, or it would not end. */
    private static final int KILLS_A_RUN = 4;
    /** Milliseconds: about as long as a run takes on a quiet machine. */
    private static final int LONGEST_PAUSE = 7_000;
    /** A run trains for so much shorter than it lasts. */
    private static final int IN_MIDST = 3;

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private Parties parties;
    private RunningAgent home;
    private FakeHub hub;
    private AssignmentOffer work;
    private Process process;

    /** What is killed with -9. */
    private enum Blow {
        AGENT,
        CONTAINER,
        /** The agent and the container: the machine went down. */
        MACHINE,
        /** The agent, and the engine no longer knows the container when it comes back. */
        ENGINE
    }

    @BeforeEach
    void start() throws IOException {
        home = RunningAgent.at(directory.resolve("p"));
        parties = home.keygen(Parties.fresh());
        hub = new FakeHub(parties);
        home.enrol(parties, hub.url());
        work = Quickstart.at(hub, parties, directory).build();
        process = home.process();
        hub.until(() -> hub.online() > 0, LONG, "a login");
    }

    @AfterEach
    void stop() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        hub.close();
        try (var engine = PrivateEngine.get().connect()) {
            containers().forEach(engine::remove);
        }
    }

    @Test
    void shouldLoseASegmentAtMostAndNoBitWheneverItIsKilledAndComesBack() throws Exception {
        // given
        var undisturbed = opened(work);
        assertStepped(work, 0);

        // when
        var ends = new ArrayList<AgentMessage.Reveal>();
        var reports = new ArrayList<String>();
        for (int killed = 0; killed < KILLS; ) {
            var again = Quickstart.at(hub, parties, directory).build();
            var hash = hub.assign(again);
            int atMost = 0;
            for (int inRun = 0; inRun < KILLS_A_RUN && killed < KILLS && !isOpen(hash); inRun++) {
                var blow = Blow.values()[killed % Blow.values().length];
                int after = awaitInstant(again);
                strike(blow);
                atMost += blow == Blow.AGENT ? 0 : 1;
                reports.add("%s after %d ms".formatted(blow, after));
                killed++;
            }
            ends.add(opened(again));
            reports.add("%d steps run again".formatted(assertStepped(again, atMost)));
        }

        // then
        System.out.printf("kills, seed %d: %s%n", SEED, reports);
        assertThat(ends).isNotEmpty().allSatisfy(end -> {
            assertThat(end.outputs()).as("the adapter").isEqualTo(undisturbed.outputs());
            assertThat(files(end)).as("every file of every border").isEqualTo(files(undisturbed));
        });
        assertThat(hub.heard(AgentMessage.Failed.class)).as("seed %d", SEED).isEmpty();
    }

    /**
     * Three in four in the midst of training, however slow the machine is; the others at any instant, while it prepares or
     * ends, too.
     *
     * @return milliseconds since the last one, or since it trained
     */
    private int awaitInstant(AssignmentOffer run) throws InterruptedException {
        int after = random.nextInt(LONGEST_PAUSE);
        if (random.nextInt(4) > 0) {
            var hash = run.assignment().digest(parties.domain());
            long steps = size(progress(run));
            hub.until(() -> isOpen(hash) || size(progress(run)) > steps, LONG, "a step");
            after /= IN_MIDST;
        }
        Thread.sleep(after);
        return after;
    }

    private Path progress(AssignmentOffer run) {
        var hash = run.assignment().digest(parties.domain()).value().substring(2);
        return home.home().resolve("attempts").resolve(hash).resolve("job/progress.jsonl");
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private void strike(Blow blow) throws IOException, InterruptedException {
        if (blow != Blow.CONTAINER) {
            process.destroyForcibly().waitFor();
        }
        try (var engine = PrivateEngine.get().connect()) {
            switch (blow) {
                case AGENT -> {}
                case CONTAINER, MACHINE -> containers().forEach(engine::kill);
                case ENGINE -> containers().forEach(engine::remove);
            }
        }
        if (blow != Blow.CONTAINER) {
            int before = hub.logins;
            process = home.process();
            hub.until(() -> hub.logins > before, LONG, "the agent's return");
        }
    }

    private List<String> containers() {
        try (var engine = PrivateEngine.get().connect()) {
            return engine.list(Map.of(Sandbox.PROVIDER_LABEL, parties.provider().value())).stream()
                    .map(found -> found.id())
                    .toList();
        }
    }

    private boolean isOpen(Digest hash) {
        return hub.heard(AgentMessage.Reveal.class).stream()
                .anyMatch(reveal -> reveal.assignmentHash().equals(hash));
    }

    private AgentMessage.Reveal opened(AssignmentOffer offer) {
        var hash = offer.assignment().digest(parties.domain());
        if (hub.heard(AgentMessage.Accept.class).stream()
                .noneMatch(accept -> accept.assignmentHash().equals(hash))) {
            hub.assign(offer);
        }
        return hub.await(AgentMessage.Reveal.class, m -> m.assignmentHash().equals(hash), LONG);
    }

    private static List<Object> files(AgentMessage.Reveal reveal) {
        return List.copyOf(reveal.segments());
    }

    /**
     * Holds the steps that were really run, as the trainer says in its file for people, to what may be run again.
     *
     * @return steps that were run again
     */
    private int assertStepped(AssignmentOffer offer, int segmentsAgain) throws IOException {
        var steps = Files.readAllLines(progress(offer)).stream()
                .filter(line -> line.endsWith("}"))
                .map(line -> Integer.parseInt(line.replaceAll(".*\"step\":(\\d+).*", "$1")))
                .toList();
        int again = steps.size() - Quickstart.BORDERS * Quickstart.STEPS_PER_SEGMENT;
        assertThat(again)
                .as("steps run again of %s, seed %d", steps, SEED)
                .isLessThanOrEqualTo(segmentsAgain * Quickstart.STEPS_PER_SEGMENT);
        for (int i = 1; i < steps.size(); i++) {
            assertThat(steps.get(i - 1) + 1 - steps.get(i))
                    .as("what one kill cost, of %s, seed %d", steps, SEED)
                    .isLessThanOrEqualTo(Quickstart.STEPS_PER_SEGMENT);
        }
        return again;
    }
}
