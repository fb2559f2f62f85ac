package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.command.Command;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.VerificationPolicy;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Thousands of lives in which anything may be said by anybody at any time, twice, late, in any order. Whatever happens:
 * a job is decided once, is paid at most once and at most its maximum, to distinct owners with whole evidence, and from
 * every state silence alone leads to a decision.
 */
class RandomLivesTest {
    private static final long LIVES = Long.getLong("perigee.random.lives", 2_000);
    private static final int MOST_STEPS = 80;

    /** The rules never check the hub's own signatures, and real ones take most of the time. */
    private static final Signature SOME = Parties.HUB.sign(Parties.digest("some"));

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");

    /** As many as one provider that vanishes needs, and some to spare. */
    private static final List<String> MANY = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");

    private enum World {
        REPLICATED,
        AUDITED,
        /** Audited, and providers open borders in passing and vanish. */
        VANISHING
    }

    @Test
    void shouldKeepEveryPromiseInAnyOrderOfEvents() {
        assertKept(
                World.REPLICATED,
                LIVES,
                List.of("ACCEPTED paid", "CANCELLED paid", "EXPIRED paid", "FAILED paid", "FAILED owes nothing"));
    }

    @Test
    void shouldKeepEveryPromiseOfAnAuditInAnyOrderOfEvents() {
        assertKept(
                World.AUDITED,
                LIVES / 2,
                List.of(
                        "ACCEPTED paid",
                        "CANCELLED paid",
                        "CANCELLED owes nothing",
                        "EXPIRED owes nothing",
                        "FAILED owes nothing"));
    }

    @Test
    void shouldKeepEveryPromiseWhenProvidersVanishInAnyOrderOfEvents() {
        assertKept(
                World.VANISHING,
                LIVES / 8,
                List.of("ACCEPTED paid", "ACCEPTED paid in parts", "EXPIRED paid", "EXPIRED owes nothing"));
    }

    private static void assertKept(World world, long lives, List<String> ways) {
        // given
        var outcomes = new ConcurrentHashMap<String, Integer>();
        var seeds = LongStream.range(0, lives);

        // when
        var broken = seeds.parallel()
                .mapToObj(seed -> live(seed, world, outcomes))
                .filter(outcome -> !outcome.isEmpty())
                .toList();

        // then
        assertThat(broken).as("seeds that broke a promise").isEmpty();
        System.out.println("random lives by outcome: " + new TreeMap<>(outcomes));
        assertThat(outcomes.keySet()).as("ways to end that were taken").containsAll(ways);
    }

    /** One life; empty when all went well. */
    private static String live(long seed, World world, Map<String, Integer> outcomes) {
        try {
            outcomes.merge(new Life(seed, world).run(), 1, Integer::sum);
            return "";
        } catch (AssertionError | RuntimeException e) {
            return "seed " + seed + ": " + e;
        }
    }

    private static final class Life {
        private final Random random;
        private final Lab lab = new Lab(Lab.POLICY, (_, _) -> SOME);
        private final double chaos;
        private final World world;
        private final List<String> names;
        private String end = "";
        private final List<Command> said = new ArrayList<>();

        Life(long seed, World world) {
            this.world = world;
            names = world == World.VANISHING ? MANY : NAMES;
            random = new Random(seed);
            chaos = random.nextDouble() * random.nextDouble();
        }

        String run() {
            lab.submit(spec());
            if (random.nextInt(10) > 0) {
                lab.input(new JobInput.Observed(
                        new JobFunded(Lab.ID, lab.job.order().maxPayment(), 1)));
            }
            int steps = random.nextInt(world == World.VANISHING ? 3 * MOST_STEPS : MOST_STEPS);
            for (int i = 0; i < steps; i++) {
                if (random.nextDouble() < chaos) {
                    anything();
                } else {
                    sensible();
                }
                check();
            }
            lab.untilDecided();
            check();
            assertThat(lab.phase()).as("after the last deadline").isIn(Phase.DECIDED, Phase.SETTLED);
            if (lab.phase() == Phase.DECIDED) {
                lab.settled();
            }
            assertThat(lab.phase()).isEqualTo(Phase.SETTLED);
            replay();
            return end;
        }

        private JobSpec spec() {
            if (world != World.REPLICATED) {
                return SampleJobs.audited(
                        random.nextInt(3) == 0 ? VerificationPolicy.FULL_AUDIT : VerificationPolicy.AUDIT);
            }
            int replicas = 2 + random.nextInt(3);
            return random.nextInt(5) == 0 ? SampleJobs.container(replicas) : SampleJobs.strict(replicas);
        }

        /** What honest parties would do next, or one that lies well. */
        private void sensible() {
            if (lab.job.state() instanceof State.Auditing && random.nextBoolean()) {
                audit();
                return;
            }
            if (lab.job.wants(lab.now, lab.policy).isPresent()) {
                var excluded = Wants.excluded(lab.job, lab.policy);
                var free = new ArrayList<>(names.stream()
                        .map(SampleProvider::of)
                        .filter(one -> !excluded.contains(one.address()))
                        .toList());
                Collections.shuffle(free, random);
                var alternatives = lab.job.alternatives(lab.now, lab.policy, Lab::secret);
                int count = (alternatives.size() == 1 ? alternatives.getFirst() : pick(alternatives)).count();
                if (free.size() >= count) {
                    placeOn(free.subList(0, count).toArray(SampleProvider[]::new));
                    return;
                }
            }
            var open = lab.job.open().toList();
            if (open.isEmpty()) {
                return;
            }
            var attempt = pick(open);
            var run = lab.runs.get(attempt.number());
            if (lab.job.state() instanceof State.Closing closing) {
                say(run, run.reveal(closing.border()));
                return;
            }
            switch (attempt.status()) {
                case AttemptStatus.Assigned _ -> say(run, run.accept());
                case AttemptStatus.Running(Work work)
                when world == World.VANISHING
                        && work.sealedTo()
                                .filter(border -> border < run.lastBorder())
                                .isPresent()
                        && random.nextInt(2) == 0 -> {
                    say(run, run.pass(work.sealedTo().orElseThrow()));
                    if (random.nextInt(3) == 0) {
                        lab.gone(attempt.number());
                    }
                }
                case AttemptStatus.Running(Work work) ->
                    say(
                            run,
                            run.commit(Math.min(
                                    run.lastBorder(),
                                    work.sealedTo()
                                                    .orElse(run.assigned()
                                                            .assignment()
                                                            .fromBorder())
                                            + 1
                                            + random.nextInt(2))));
                case AttemptStatus.Committed _, AttemptStatus.Revealed _, AttemptStatus.Ended _ ->
                    say(run, run.reveal(run.lastBorder()));
            }
        }

        /** The block comes, the provider serves, the auditors sign. */
        private void audit() {
            if (lab.job.awaitedBlock().isPresent()) {
                lab.drawn(random.nextInt(20));
            } else {
                lab.serves();
                lab.sign();
            }
        }

        private void say(SampleRun run, Command command) {
            said.add(command);
            lab.ask(run.provider().id().value(), command);
        }

        private void anything() {
            switch (random.nextInt(15)) {
                case 0 ->
                    lab.input(new JobInput.Observed(
                            new JobFunded(Lab.ID, lab.job.order().maxPayment(), 1)));
                case 1 ->
                    rarely(() -> lab.input(
                            new JobInput.Observed(new FundingRefused(Lab.ID, ErrorCode.ALLOTMENT_TOO_SMALL, "no"))));
                case 2, 3, 4 -> place();
                case 5 ->
                    lab.input(new JobInput.NoPlacement(List.of(new NoMatchReason(pick(List.of("x", "y")), 1, ""))));
                case 6 -> rarely(lab::cancel);
                case 7 -> passTime();
                case 8 ->
                    anyRun(run -> rarely(() ->
                            lab.input(new JobInput.ProviderGone(run.provider().id(), "gone"))));
                case 9 -> repeat();
                case 10 -> rarely(lab::settled);
                case 11 -> anyRun(run -> rarely(() -> lab.revoked(run.assigned().attempt(), random.nextInt(2))));
                default -> anyRun(this::speak);
            }
        }

        private void rarely(Runnable step) {
            if (random.nextInt(8) == 0) {
                step.run();
            }
        }

        private void place() {
            int count = Math.max(1, Wants.missing(lab.job) + (random.nextInt(6) == 0 ? 1 : 0));
            placeOn(IntStream.range(0, count)
                    .mapToObj(_ -> SampleProvider.of(pick(names)))
                    .toArray(SampleProvider[]::new));
        }

        /** One in four forges from some border on. */
        private void placeOn(SampleProvider... providers) {
            int first = lab.job.attempts().size();
            lab.place(providers);
            for (int attempt = first; attempt < lab.job.attempts().size(); attempt++) {
                if (random.nextInt(4) == 0) {
                    lab.lies(attempt, 1 + random.nextInt(4), pick(List.of("one", "two")));
                }
            }
        }

        private void passTime() {
            if (random.nextInt(3) == 0 && lab.job.nextDeadline(lab.policy).isPresent()) {
                lab.due();
                return;
            }
            var step =
                    switch (random.nextInt(4)) {
                        case 0 -> Duration.ofSeconds(random.nextInt(4_000));
                        case 1 -> Duration.ofSeconds(random.nextInt(400));
                        default -> Duration.ofSeconds(random.nextInt(20));
                    };
            lab.wait(step);
        }

        private void speak(SampleRun run) {
            int border = run.segmented() ? 1 + random.nextInt(run.lastBorder()) : random.nextInt(2);
            if (lab.job.state() instanceof State.Auditing auditing && random.nextInt(4) == 0) {
                border = auditing.border();
            }
            Command command =
                    switch (random.nextInt(16)) {
                        case 12 -> run.serve(border);
                        case 13 -> run.segmented() ? run.pass(border) : run.reveal(border);
                        case 14 -> run.refuse(VerdictRefusal.JUDGED_ALREADY);
                        case 15 -> verdict(run);
                        case 0, 1, 2 -> run.accept();
                        case 3, 4 -> run.commit(border);
                        case 5, 6 -> run.commit(run.lastBorder());
                        case 7 -> run.reveal(border);
                        case 8, 9 -> run.reveal(run.lastBorder());
                        case 10 -> run.fail(pick(List.of(FailureKind.values())), 1, "failed");
                        default -> run.decline();
                    };
            said.add(command);
            lab.ask(
                    random.nextInt(10) == 0
                            ? SampleProvider.of(pick(names)).id().value()
                            : run.provider().id().value(),
                    command);
        }

        /** Signs for what somebody was shown, asked or not. */
        private Command verdict(SampleRun run) {
            var asked = lab.facts.stream()
                    .filter(VerdictRequested.class::isInstance)
                    .map(VerdictRequested.class::cast)
                    .toList();
            return asked.isEmpty() ? run.decline() : run.sign(pick(asked));
        }

        private void repeat() {
            if (!said.isEmpty()) {
                lab.ask(SampleProvider.of(pick(names)).id().value(), pick(said));
            }
        }

        private void anyRun(Consumer<SampleRun> then) {
            if (!lab.runs.isEmpty()) {
                then.accept(pick(List.copyOf(lab.runs.values())));
            }
        }

        private <T> T pick(List<T> among) {
            return among.get(random.nextInt(among.size()));
        }

        private void check() {
            var decisions = lab.facts.stream().filter(Life::decides).count();
            assertThat(decisions).as("decisions").isLessThanOrEqualTo(1);
            switch (lab.job.state()) {
                case State.Decided decided -> end = Promises.kept(lab, decided);
                case State.Settled _ -> assertThat(decisions).isEqualTo(1);
                case State.Submitted _,
                        State.Funded _,
                        State.Queued _,
                        State.Active _,
                        State.Auditing _,
                        State.Disputed _,
                        State.Closing _ -> {
                    assertThat(decisions).isZero();
                    assertThat(lab.job.nextDeadline(lab.policy))
                            .as("a deadline in %s", lab.phase())
                            .isPresent();
                }
            }
            var open = lab.job.open().map(Attempt::owner).toList();
            assertThat(new HashSet<>(open))
                    .as("owners of open attempts are distinct")
                    .hasSameSizeAs(open);
            assertThat(lab.job.attempts().stream()
                            .filter(Attempt::occupies)
                            .map(Attempt::number)
                            .toList())
                    .as("attempts that hold a machine")
                    .isEqualTo(holding());
        }

        /** Of facts alone: an assignment opens what it holds, under a number of its own, and what closes that closes it for good. */
        private List<Integer> holding() {
            var holding = new TreeSet<Integer>();
            var asked = new HashMap<Integer, Integer>();
            int assigned = 0;
            for (var fact : lab.facts) {
                switch (fact) {
                    case JobAssigned opened -> {
                        assertThat(opened.attempt()).as("a number of its own").isEqualTo(assigned++);
                        holding.add(opened.attempt());
                    }
                    case ResultCommitted sealed
                    when sealed.commitment().toBorder()
                            == lab.job.attempt(sealed.attempt()).lastBorder() -> holding.remove(sealed.attempt());
                    case RevealRequested halted -> asked.put(halted.attempt(), halted.border());
                    case ResultRevealed revealed
                    // a replica that was halted holds what it has until all have opened
                    when lab.job.audited() && asked.getOrDefault(revealed.attempt(), -1) == revealed.border() ->
                        holding.remove(revealed.attempt());
                    case RunGivenUp givenUp -> holding.remove(givenUp.attempt());
                    case AttemptEnded ended -> holding.remove(ended.attempt());
                    default -> {}
                }
            }
            return List.copyOf(holding);
        }

        private static boolean decides(JobFact fact) {
            return switch (fact) {
                case ResultAccepted _, JobFailed _, JobCancelled _, JobExpired _ -> true;
                default -> false;
            };
        }

        /** The facts alone give the same state again (their instants matter to deadlines only). */
        private void replay() {
            Job again = null;
            for (var fact : lab.facts) {
                again = Job.apply(again, fact, lab.now);
            }
            assertThat(again.state()).isEqualTo(lab.job.state());
            assertThat(again.attempts()).hasSameSizeAs(lab.job.attempts());
        }
    }
}
