package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three honest providers; whatever is killed, a job is settled once and every balance is right. */
class HonestMarketST {
    private static Town town;

    @BeforeAll
    static void start() {
        town = Town.honest();
    }

    @AfterAll
    static void stop() {
        if (town != null) {
            town.close();
        }
    }

    @Test
    void shouldPayTwoStrangersWhoAgreeAndHandOverAProvenAdapter(@TempDir Path directory) {
        // given
        String id = town.submit();

        // when
        JobView job = town.awaitSettled(id);

        // then
        assertSettledOnce(job);
        town.builder.ask("fetch", id, "--to", directory.toString());
        town.builder.ask("verify", directory.toString());
        assertThat(Files.exists(directory.resolve("outputs/adapter_model.safetensors")))
                .isTrue();
    }

    @Test
    void shouldGoOnWhenTheSchedulerIsKilledBetweenAssignmentAndResult() {
        // given
        String id = town.submit();
        town.awaitUnderWay(id);

        // when
        town.stack.kill("scheduler");
        town.stack.restart("scheduler");

        // then
        assertSettledOnce(town.awaitSettled(id));
    }

    @Test
    void shouldGoOnWhenTheFrontDoorIsKilledInMidStream() {
        // given
        String id = town.submit();
        town.awaitUnderWay(id);

        // when
        town.stack.kill("api");
        town.stack.restart("api");

        // then
        assertSettledOnce(town.awaitSettled(id));
    }

    @Test
    void shouldPayOnceWhenSettlementDiesBetweenBroadcastAndReceipt() {
        // given
        town.stack.restart("settlement", Map.of("PERIGEE_CRASH_AT", "settlement.after-broadcast"));
        String id = town.submit();

        // when
        io.perigee.testkit.process.Await.until(
                Town.PATIENCE, () -> !town.stack.service("settlement").alive(), () -> "settlement did not crash");
        town.stack.restart("settlement");

        // then
        assertSettledOnce(town.awaitSettled(id));
    }

    @Test
    void shouldGoOnWhenTheBrokerIsKilled() {
        // given
        String id = town.submit();
        town.awaitUnderWay(id);

        // when
        town.stack.kill("broker");
        town.stack.restart("broker");

        // then
        assertSettledOnce(town.awaitSettled(id));
    }

    @Test
    void shouldFinishWhenAnAgentIsKilledInMidRunAndComesBack() {
        // given
        String id = town.submit();
        town.awaitUnderWay(id);

        // when
        town.stack.kill("provider-1");
        town.stack.restart("provider-1");

        // then
        assertSettledOnce(town.awaitSettled(id));
    }

    @Test
    void shouldPayOnlyTheVerifiedPartWhenTheBuilderCancels() {
        // given
        String id = town.submit();
        town.awaitUnderWay(id);

        // when
        town.builder.ask("cancel", id);

        // then
        JobView job = town.awaitSettled(id);
        assertThat(job.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(job.verifiedTo()).isLessThan(job.borders());
        assertThat(job.paid()).isLessThan(fullPrice(job));
        assertThat(job.paid().plus(job.refunded())).isEqualTo(job.maxPayment());
    }

    private static Amount fullPrice(JobView job) {
        return job.attempts().stream().map(run -> run.price()).reduce(Amount.ZERO, Amount::plus);
    }

    private static void assertSettledOnce(JobView job) {
        assertThat(job.outcome()).as(job.toString()).isEqualTo(Outcome.ACCEPTED);
        assertThat(job.verifiedTo()).isEqualTo(job.borders());
        var paid = job.attempts().stream().filter(run -> !run.paid().isZero()).toList();
        assertThat(paid).allSatisfy(run -> {
            assertThat(run.state()).isEqualTo(AttemptState.VERIFIED);
            assertThat(run.paid()).isEqualTo(run.price());
        });
        assertThat(paid.stream().map(run -> run.owner()).distinct().count())
                .isEqualTo(paid.size())
                .isGreaterThanOrEqualTo(2);
        assertThat(paid.stream().map(run -> run.paid()).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(job.paid());
        assertThat(job.paid().plus(job.refunded())).isEqualTo(job.maxPayment());
    }
}
