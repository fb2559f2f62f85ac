package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.devstack.cheat.SkippingAgentMain;
import io.perigee.devstack.stack.StackOptions.AgentOptions;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One provider runs a job, and others look at parts of it. */
class AuditST {
    /** A run, the draw, two runs of segments, one more of each that differs; and all of it again for the next provider. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @Test
    void shouldRunAJobOnceAndPayWhoRanItsDrawnSegmentsAgain(@TempDir Path directory) throws Exception {
        // given
        try (Town town = Town.honest("audit")) {
            var before = town.books();
            var job = town.jobWith(
                    directory.resolve("job"),
                    Map.of("verification", Map.of("policy", "audit"), "segments", Map.of("stepsPerSegment", 32)));

            // when
            String id = town.submit(job);
            JobView done = town.awaitSettled(id, PATIENCE);

            // then
            assertThat(done.outcome()).as(done.toString()).isEqualTo(Outcome.ACCEPTED);
            assertThat(runs(done)).singleElement().satisfies(run -> assertThat(run.paid())
                    .isEqualTo(run.price()));
            assertThat(audits(done)).hasSize(2).allSatisfy(audit -> {
                assertThat(audit.state()).isEqualTo(AttemptState.VERIFIED);
                assertThat(audit.toBorder() - audit.fromBorder()).isEqualTo(1);
                assertThat(audit.paid()).isEqualTo(audit.price());
            });
            assertThat(owners(done)).doesNotHaveDuplicates();
            before.assertMovedOnlyBy(town.books(), done);
            town.builder.ask("fetch", id, "--to", directory.resolve("result").toString());
            town.builder.ask("verify", directory.resolve("result").toString());
        }
    }

    @Test
    void shouldNameTheSegmentOfWhoSkippedOneStepTakeItsBondAndPayThoseWhoFoundIt(@TempDir Path directory)
            throws Exception {
        // given
        var agents = List.of(
                new AgentOptions("skipper", "900000", SkippingAgentMain.class.getName()),
                new AgentOptions("honest-1", "1000000", null),
                new AgentOptions("honest-2", "1000000", null),
                new AgentOptions("honest-3", "1000000", null),
                new AgentOptions("honest-4", "1000000", null));
        try (Town town = Town.with(agents, "skipper")) {
            var before = town.books();
            var job = town.jobWith(
                    directory.resolve("job"),
                    Map.of("verification", Map.of("policy", "full-audit"), "segments", Map.of("stepsPerSegment", 16)));

            // when
            String id = town.submit(job);
            JobView done = town.awaitSettled(id, PATIENCE);

            // then
            assertThat(done.outcome()).as(done.toString()).isEqualTo(Outcome.ACCEPTED);
            assertThat(runs(done)).hasSize(2);
            var skipper = done.attempts().getFirst();
            assertThat(skipper.owner()).isEqualTo(town.books().holders().get("skipper"));
            assertThat(skipper.state()).isEqualTo(AttemptState.REJECTED);
            assertThat(skipper.paid().isZero()).isTrue();
            assertThat(skipper.detail())
                    .contains("segment %d ".formatted(SkippingAgentMain.SKIPPED_SEGMENT))
                    .contains("it sealed leaf");
            assertThat(audits(done).stream().filter(audit -> audit.state() == AttemptState.VERIFIED))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(audit -> assertThat(audit.paid()).isEqualTo(audit.price()));
            assertThat(runs(done).getLast().paid())
                    .isEqualTo(runs(done).getLast().price());
            assertThat(skipper.bond().isZero()).isFalse();
            assertThat(skipper.detail()).endsWith("bond of %s burned".formatted(skipper.bond()));
            before.assertMovedOnlyBy(town.books(), done);
            var result = directory.resolve("result").toString();
            town.builder.ask("fetch", id, "--to", result);
            town.builder.ask("verify", result);
        }
    }

    @Test
    void shouldAuditAndPayThePartThatWasDoneWhenTheBuilderCancels(@TempDir Path directory) throws Exception {
        // given
        try (Town town = Town.honest("audit")) {
            var before = town.books();
            String id = town.submit(
                    town.jobWith(directory.resolve("job"), Map.of("verification", Map.of("policy", "audit"))));
            town.awaitUnderWay(id);

            // when
            town.builder.ask("cancel", id);

            // then
            JobView done = town.awaitSettled(id, PATIENCE);
            assertThat(done.outcome()).as(done.toString()).isEqualTo(Outcome.CANCELLED);
            assertThat(done.verifiedTo()).isBetween(1, done.borders() - 1);
            assertThat(runs(done)).singleElement().satisfies(run -> {
                assertThat(run.state()).isEqualTo(AttemptState.VERIFIED);
                assertThat(run.paid().value())
                        .isEqualTo(run.price()
                                .value()
                                .multiply(BigInteger.valueOf(done.verifiedTo()))
                                .divide(BigInteger.valueOf(done.borders())));
            });
            assertThat(audits(done)).hasSizeGreaterThanOrEqualTo(2).allSatisfy(audit -> {
                assertThat(audit.state()).isEqualTo(AttemptState.VERIFIED);
                assertThat(audit.toBorder()).isLessThanOrEqualTo(done.verifiedTo());
                assertThat(audit.paid()).isEqualTo(audit.price());
            });
            assertThat(done.paid().plus(done.refunded())).isEqualTo(done.maxPayment());
            before.assertMovedOnlyBy(town.books(), done);
        }
    }

    private static List<AttemptView> runs(JobView job) {
        return with(job, Role.REPLICA).toList();
    }

    private static List<AttemptView> audits(JobView job) {
        return with(job, Role.AUDITOR).toList();
    }

    private static Stream<AttemptView> with(JobView job, Role role) {
        return job.attempts().stream().filter(attempt -> attempt.role() == role);
    }

    private static List<Address> owners(JobView job) {
        return job.attempts().stream().map(AttemptView::owner).toList();
    }
}
