package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.command.Command;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Wherever a story comes by, everything that anybody can say is said, and answered with facts or a refusal: a record that
 * throws instead stops the stage that reads it, and whoever can write it once can write it again.
 */
class EveryCommandTest {
    private static final int VISITS = 12;

    private final Map<String, Integer> visits = new HashMap<>();
    private final Set<Phase> phases = new HashSet<>();
    private final List<String> broken = new ArrayList<>();

    @Test
    void shouldAnswerEveryCommandInEveryPhase() {
        // given
        var stories = LifecycleTest.all().toList();

        // when
        for (var story : stories) {
            var lab = new Lab();
            lab.watcher = this::sayEverything;
            story.tell().accept(lab);
        }

        // then
        assertThat(broken).as("what is neither done nor refused").isEmpty();
        assertThat(phases).containsExactlyInAnyOrder(Phase.values());
    }

    private void sayEverything(Lab lab) {
        phases.add(lab.phase());
        var where = "in %s of a job that is %s".formatted(lab.phase(), lab.job.audited() ? "audited" : "replicated");
        if (isNew(where)) {
            others(lab).forEach(input -> input(lab, where, input));
        }
        lab.runs.forEach((number, run) -> {
            var attempt = lab.job.attempt(number);
            var who = "%s %s %s"
                    .formatted(
                            attempt.audits() ? "auditor" : "runner",
                            attempt.status().state(),
                            where);
            if (isNew(who)) {
                commands(lab, run).forEach(command -> input(lab, who, asked(run, command)));
            }
        });
    }

    /** Whether so few came by here that what was said may have met none where it matters. */
    private boolean isNew(String where) {
        return visits.merge(where, 1, Integer::sum) <= VISITS;
    }

    private void input(Lab lab, String where, JobInput input) {
        try {
            Lifecycle.decide(lab.job, input, lab.context());
        } catch (RuntimeException e) {
            var name = input instanceof JobInput.Asked(var _, var _, Command command)
                    ? command.getClass().getSimpleName()
                    : input.getClass().getSimpleName();
            broken.add("%s by %s: %s".formatted(name, where, e));
        }
    }

    private static JobInput asked(SampleRun run, Command command) {
        return new JobInput.Asked(
                UUID.nameUUIDFromBytes(new byte[] {1}), run.provider().id().value(), command);
    }

    private static Stream<Command> commands(Lab lab, SampleRun run) {
        var everywhere = Stream.concat(
                Stream.of(run.accept(), run.decline(), run.refuse(VerdictRefusal.JUDGED_ALREADY)),
                Arrays.stream(FailureKind.values()).map(kind -> run.fail(kind, 1, "failed")));
        var signed = lab.facts.stream()
                .filter(VerdictRequested.class::isInstance)
                .map(VerdictRequested.class::cast)
                .map(run::sign);
        var borders = run.segmented()
                ? IntStream.rangeClosed(1, lab.job.lastBorder())
                        .boxed()
                        .flatMap(border -> Stream.<Command>of(
                                run.commit(border), run.bare(border), run.pass(border), run.serve(border)))
                : Stream.<Command>of(run.commit(0), run.reveal(0));
        return Stream.of(everywhere, signed, borders).flatMap(each -> each);
    }

    private static Stream<JobInput> others(Lab lab) {
        var builder = Parties.BUILDER.address();
        var own = Stream.of(
                new JobInput.Asked(
                        UUID.nameUUIDFromBytes(new byte[] {1}), builder.value(), new CancelJob(Lab.ID, builder)),
                new JobInput.TimePassed(),
                new JobInput.NoPlacement(List.of(new NoMatchReason("slots", 1, "test"))));
        var ofProviders = lab.runs.values().stream()
                .flatMap(run -> Stream.of(
                        new JobInput.ProviderGone(run.provider().id(), "gone"),
                        new JobInput.KeyRevoked(
                                run.provider().id(), run.assigned().sessionKey().serial(), 0)));
        return Stream.concat(own, ofProviders);
    }
}
