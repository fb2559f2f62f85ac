package io.perigee.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.sandbox.ContainerSpec.Mount;
import io.perigee.agent.sandbox.ContainerSpec.User;
import io.perigee.agent.sandbox.Sandbox.Plan;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for every job and every policy; the seed is printed, so a failure can be repeated. */
final class SandboxTest {
    private static final Path ROOT = Path.of("/srv/agent/attempts/x/job");
    private final long seed = System.nanoTime();
    private final Parties parties = Parties.fresh();

    private record Case(AssignmentOffer work, SandboxPolicy policy, Plan plan) {}

    private List<Case> cases() {
        System.out.println("SandboxTest seed " + seed);
        var random = new SplittableRandom(seed);
        return IntStream.range(0, 150)
                .mapToObj(_ -> {
                    var policy = new SandboxPolicy(
                            random.nextLong(64L << 20, 64L << 30),
                            random.nextInt(1, 65),
                            random.nextLong(1L << 20, 1L << 40),
                            0,
                            random.nextInt(1, 5_000),
                            random.nextLong(1, 64L << 20),
                            random.nextLong(1, 10L << 20),
                            new User(random.nextInt(1, 100_000), random.nextInt(1, 100_000)),
                            random.nextBoolean() ? Optional.empty() : Optional.of("runsc"));
                    var work = AWork.of(parties)
                            .memory(random.nextLong(6L << 20, 64L << 30))
                            .disk(random.nextLong(1, 1L << 40))
                            .cpus(random.nextInt(1, 65))
                            .borders(random.nextInt(0, 20));
                    if (random.nextBoolean()) {
                        work.base(ContentId.parse("sha256:" + "b".repeat(64)));
                    }
                    if (random.nextBoolean()) {
                        work.dataset(ContentId.parse("sha256:" + "d".repeat(64)));
                    }
                    var built = work.build();
                    return new Case(built, policy, Sandbox.plan(run(built), policy));
                })
                .toList();
    }

    private Sandbox.Run run(AssignmentOffer work) {
        return new Sandbox.Run(
                work.spec(),
                work.assignment().provider(),
                work.jobId(),
                work.assignment().digest(parties.domain()),
                work.assignment().fromBorder(),
                work.assignment().toBorder(),
                List.of(),
                "",
                new JobFiles(ROOT));
    }

    @Test
    void shouldNeverGiveMoreThanTheOwnerAllows() {
        // given
        var cases = cases();

        // when
        var allowed =
                cases.stream().filter(c -> c.plan() instanceof Plan.Allowed).toList();

        // then
        assertThat(allowed).isNotEmpty();
        assertThat(allowed).allSatisfy(c -> {
            var container = ((Plan.Allowed) c.plan()).container();
            assertThat(container.memoryBytes()).isLessThanOrEqualTo(c.policy().maxMemoryBytes());
            assertThat(container.nanoCpus()).isLessThanOrEqualTo(c.policy().maxCpus() * 1_000_000_000L);
            assertThat(container.pids()).isEqualTo(c.policy().pids());
            assertThat(container.user().uid()).isPositive();
            assertThat(container.runtime()).isEqualTo(c.policy().runtime());
            assertThat(container.gpus()).isEmpty();
        });
    }

    @Test
    void shouldMountTheCheckpointOnlyWhereTheWorkBeginsAfterBorderZero() {
        // given
        var policy = new SandboxPolicy(
                1L << 40, 64, 1L << 40, 0, 512, 1 << 20, 1 << 20, new User(1000, 1000), Optional.empty());
        var checkpoint = ContentId.parse("sha256:" + "c".repeat(64));
        var audit = AWork.of(parties).auditing(1, 2, checkpoint).build();

        // when
        var resumed = (Plan.Allowed) Sandbox.plan(run(audit), policy);
        var begun = (Plan.Allowed) Sandbox.plan(run(AWork.of(parties).build()), policy);

        // then
        assertThat(resumed.container().mounts())
                .contains(new Mount(new JobFiles(ROOT).resume(), "/perigee/resume", true));
        assertThat(resumed.container().environment())
                .containsEntry("PERIGEE_FROM", "1")
                .containsEntry("PERIGEE_TO", "2");
        assertThat(begun.container().mounts()).noneMatch(mount -> mount.target().equals("/perigee/resume"));
    }

    @Test
    void shouldGiveExactlyWhatTheJobAsksForOrRefuse() {
        // given
        var cases = cases();

        // when
        var refused =
                cases.stream().filter(c -> c.plan() instanceof Plan.Refused).toList();

        // then
        assertThat(refused).isNotEmpty();
        assertThat(cases).allSatisfy(c -> {
            var need = c.work().spec().resources();
            switch (c.plan()) {
                case Plan.Allowed(var container) -> {
                    assertThat(container.memoryBytes()).isEqualTo(need.memory());
                    assertThat(container.nanoCpus()).isEqualTo(need.cpu() * 1_000_000_000L);
                }
                case Plan.Refused(var reason) ->
                    assertThat(reason).startsWith("Expected ").contains(", but ");
            }
        });
    }

    @Test
    void shouldShowNothingOfTheHostButTheAttemptsOwnFiles() {
        // given
        var cases = cases();

        // when
        var mounts = cases.stream()
                .filter(c -> c.plan() instanceof Plan.Allowed)
                .flatMap(c -> ((Plan.Allowed) c.plan()).container().mounts().stream())
                .distinct()
                .toList();

        // then
        assertThat(mounts).allSatisfy(mount -> assertThat(mount.source()).startsWithRaw(ROOT));
        assertThat(mounts.stream().filter(mount -> !mount.readOnly()).map(Mount::target))
                .containsExactlyInAnyOrder("/perigee/checkpoints", "/perigee/outputs", "/perigee/progress.jsonl");
        assertThat(mounts.stream().filter(Mount::readOnly).map(Mount::target))
                .containsExactlyInAnyOrder("/perigee/job.json", "/perigee/inputs/base", "/perigee/inputs/dataset");
    }

    @Test
    void shouldNameImageBordersAndOwnerByDigestAndLabel() {
        // given
        var work = AWork.of(parties).borders(5).build();
        var policy = new SandboxPolicy(1L << 40, 8, 1L << 40, 0, 10, 1, 1, User.NOBODY, Optional.empty());

        // when
        var container = ((Plan.Allowed) Sandbox.plan(run(work), policy)).container();

        // then
        assertThat(container.image()).isEqualTo(work.spec().image());
        assertThat(container.environment())
                .containsOnly(
                        java.util.Map.entry("PERIGEE_FROM", "0"),
                        java.util.Map.entry("PERIGEE_TO", "5"),
                        java.util.Map.entry("NVIDIA_VISIBLE_DEVICES", "void"));
        assertThat(container.labels())
                .containsOnly(
                        java.util.Map.entry(
                                "perigee.provider", parties.provider().value()),
                        java.util.Map.entry("perigee.job", work.jobId().toString()),
                        java.util.Map.entry(
                                "perigee.assignment",
                                work.assignment().digest(parties.domain()).value()));
        assertThat(container.scratch()).isEqualTo(new ContainerSpec.Scratch("/tmp", 1, User.NOBODY));
    }

    @Test
    void shouldRefuseGpusThatWereNotLeased() {
        // given
        var work = AWork.of(parties).build();
        var policy = new SandboxPolicy(1L << 40, 8, 1L << 40, 0, 10, 1, 1, User.NOBODY, Optional.empty());
        var run = new Sandbox.Run(
                work.spec(),
                parties.provider(),
                work.jobId(),
                Digest.ZERO,
                0,
                3,
                List.of("GPU-1"),
                "",
                new JobFiles(ROOT));

        // when
        var plan = Sandbox.plan(run, policy);

        // then
        assertThat(plan).isEqualTo(new Plan.Refused("Expected 0 leased GPUs, but there are 1"));
    }

    @Test
    void shouldHaveNoWordsForRootOrForeignPaths() {
        assertThatThrownBy(() -> new User(0, 1)).hasMessageContaining("other than root");
        assertThatThrownBy(() -> new User(1, 0)).hasMessageContaining("other than root");
        assertThatThrownBy(() -> new Mount(Path.of("/a/../etc"), "/perigee/x", true))
                .hasMessageContaining("normalised");
        assertThatThrownBy(() -> new Mount(Path.of("a"), "/perigee/x", true)).hasMessageContaining("absolute");
        assertThatThrownBy(() -> new Mount(Path.of("/a"), "/etc", true)).hasMessageContaining("below /perigee");
        assertThatThrownBy(() -> new Mount(Path.of("/a"), "/perigee/../etc", true))
                .hasMessageContaining("below /perigee");
    }
}
