package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.devstack.stack.StackOptions.AgentOptions;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine that is gone for good: what it had done is audited and paid, and another goes on from there, whenever it happens.
 *
 * <p>{@code -Dperigee.kills=20 -Dperigee.kills.seed=7} kills at so many random instants more, or at those of an earlier run.
 */
class VanishST {
    /** Silence until the provider counts as gone, an audit, most of a run, and an audit again. */
    private static final Duration PATIENCE = Duration.ofMinutes(12);

    /** Whom the first eight borders, and whom the rest needs: who runs it, and two others each. */
    private static final int OWNERS = 6;

    /** Every so many borders what a run has done is opened; more than these are never lost. */
    private static final int LEFT = 8;

    private static final int KILLS = Integer.getInteger("perigee.kills", 0);
    private static final long SEED = Long.getLong("perigee.kills.seed", System.nanoTime());

    @TempDir
    private Path directory;

    @Test
    void shouldGoOnBitForBitFromWhatAVanishedProviderLeftAndPayAll() throws Exception {
        // given
        try (Town town = town("vanish")) {
            var before = town.books();
            var job = town.jobWith(directory.resolve("job"), longer());
            String id = town.submit(job);
            String victim = town.awaitUnderWay(id);
            town.await(id, _ -> town.builder.ask("timeline", id).toString().contains("opened border " + LEFT));

            // when
            town.stack.kill(victim);
            removeContainers(town);

            // then
            JobView done = town.awaitSettled(id, PATIENCE);
            assertThat(done.outcome()).as(done.toString()).isEqualTo(Outcome.ACCEPTED);
            assertThat(done.verifiedTo()).isEqualTo(done.borders());
            var runs = with(done, Role.REPLICA);
            assertThat(runs).hasSize(2);
            var lost = runs.getFirst();
            assertThat(lost.state()).isEqualTo(AttemptState.VERIFIED);
            assertThat(lost.paid().value())
                    .isEqualTo(lost.price()
                            .value()
                            .multiply(BigInteger.valueOf(LEFT))
                            .divide(BigInteger.valueOf(done.borders())));
            var next = runs.getLast();
            assertThat(next.fromBorder()).isEqualTo(LEFT);
            assertThat(next.paid()).isEqualTo(next.price());
            var audits = with(done, Role.AUDITOR);
            assertThat(audits).hasSizeGreaterThanOrEqualTo(4).allSatisfy(audit -> assertThat(audit.paid())
                    .isEqualTo(audit.price()));
            assertThat(done.attempts().stream().map(AttemptView::owner)).doesNotHaveDuplicates();
            assertThat(done.paid().plus(done.refunded())).isEqualTo(done.maxPayment());
            before.assertMovedOnlyBy(town.books(), done);

            // and then undisturbed, by those who are left
            String again = town.submit(job);
            town.awaitSettled(again, PATIENCE);
            var adapter = adapter(town, again, directory.resolve("undisturbed"));
            assertThat(adapter(town, id, directory.resolve("disturbed"))).isEqualTo(adapter);

            // and then at any moment of the first three quarters, each time by all owners: between the opening of the
            // whole and the serving of what is drawn all is run again, and were a part paid then, it would pay to serve
            // nothing
            var random = new Random(SEED);
            for (int kill = 1; kill <= KILLS; kill++) {
                town.stack.restart(victim);
                int border = random.nextInt(done.borders() * 3 / 4);
                var later = Duration.ofMillis(random.nextInt(1_000));
                var which = "kill %d of seed %d, %d ms after border %d".formatted(kill, SEED, later.toMillis(), border);
                victim = shouldLoseNoMoreThanWhatWasNotOpened(town, job, border, later, which, adapter);
            }
        }
    }

    /** Kills whoever runs the job so long after that border, for good; returns the victim. */
    private String shouldLoseNoMoreThanWhatWasNotOpened(
            Town town, Path job, int border, Duration later, String which, byte[] adapter) throws Exception {
        // given
        var before = town.books();
        String id = town.submit(job);
        String victim = town.awaitRun(
                id,
                attempt -> attempt.state() == AttemptState.RUNNING
                        && Objects.requireNonNullElse(attempt.border(), 0) >= border);
        Thread.sleep(later);

        // when
        town.stack.kill(victim);
        removeContainers(town);

        // then
        JobView done = town.awaitSettled(id, PATIENCE);
        assertThat(done.outcome()).as("%s: %s", which, done).isEqualTo(Outcome.ACCEPTED);
        assertThat(done.verifiedTo()).isEqualTo(done.borders());
        assertThat(adapter(town, id, directory.resolve(id))).as(which).isEqualTo(adapter);
        var runs = with(done, Role.REPLICA);
        int last = Objects.requireNonNullElse(runs.getFirst().border(), 0);
        int goneOnFrom = runs.size() == 1 ? done.borders() : runs.getLast().fromBorder();
        System.out.printf("%s: %d of %d borders done, gone on from %d%n", which, last, done.borders(), goneOnFrom);
        assertThat(last - goneOnFrom).as("%s: segments that are lost", which).isLessThanOrEqualTo(LEFT);
        assertThat(done.paid().plus(done.refunded())).isEqualTo(done.maxPayment());
        before.assertMovedOnlyBy(town.books(), done);
        return victim;
    }

    private static Town town(String name) {
        return Town.with(
                IntStream.range(0, OWNERS)
                        .mapToObj(
                                i -> new AgentOptions("provider-" + i, Integer.toString(1_000_000 + 10_000 * i), null))
                        .toList(),
                name);
    }

    /** What only the dead one's agent could bring back. */
    private static void removeContainers(Town town) {
        var engine = town.stack.engine();
        engine.containers("perigee.assignment").forEach(found -> engine.remove(found.id()));
    }

    /** The adapter of a bundle that holds. */
    private static byte[] adapter(Town town, String id, Path to) throws IOException {
        town.builder.ask("fetch", id, "--to", to.toString());
        town.builder.ask("verify", to.toString());
        return Files.readAllBytes(to.resolve("outputs/adapter_model.safetensors"));
    }

    private static List<AttemptView> with(JobView job, Role role) {
        return job.attempts().stream().filter(attempt -> attempt.role() == role).toList();
    }

    /** So long that it is not done before somebody has seen its eighth border open, on a quick machine neither. */
    private static Map<String, ?> longer() {
        return Map.of(
                "verification",
                Map.of("policy", "audit"),
                "segments",
                Map.of("stepsPerSegment", 16),
                "train",
                Map.of(
                        "steps", 256,
                        "microBatch", 4,
                        "gradAccum", 1,
                        "seqLen", 64,
                        "lr", "2e-3",
                        "scheduler", "cosine",
                        "warmupSteps", 4,
                        "seed", 7,
                        "dtype", "float32"));
    }
}
