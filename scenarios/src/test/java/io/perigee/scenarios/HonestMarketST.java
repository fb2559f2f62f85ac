package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.ExitCode;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.AttemptState;
import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import io.perigee.testkit.process.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three honest providers; whatever is killed, a job is settled once and every balance is right. */
class HonestMarketST {
    private static Town town;
    private Books before;

    @BeforeAll
    static void start() {
        town = Town.honest("honest");
    }

    @AfterAll
    static void stop() {
        if (town != null) {
            town.close();
        }
    }

    @BeforeEach
    void remember() {
        before = town.books();
    }

    @Test
    void shouldPayTwoStrangersWhoAgreeAndHandOverAProvenAdapter(@TempDir Path directory) {
        // given
        String id = town.submit();

        // when
        JobView job = town.awaitSettled(id);

        // then
        assertPaidOnce(job);
        town.builder.ask("fetch", id, "--to", directory.toString());
        town.builder.ask("verify", directory.toString());
        assertThat(directory.resolve("outputs/adapter_model.safetensors")).exists();
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
        assertPaidOnce(town.awaitSettled(id));
    }

    @Test
    void shouldGoOnWhenTheFrontDoorIsKilledInMidStream() throws Exception {
        // given
        String id = town.submit();
        var watching = CompletableFuture.supplyAsync(() -> town.builder.askLines(ExitCode.DONE, "watch", id));
        town.awaitUnderWay(id);

        // when
        town.stack.kill("api");
        town.stack.restart("api");

        // then
        assertPaidOnce(town.awaitSettled(id));
        List<JsonNode> seen = watching.get(Town.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(seen.stream().map(event -> event.path("seq").asInt()))
                .as("the stream goes on after the event it broke at, without a gap or a repetition")
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, seen.size()).boxed().toList());
    }

    @Test
    void shouldPayOnceWhenSettlementDiesBetweenBroadcastAndReceipt() {
        // given
        town.stack.restart("settlement", Map.of("PERIGEE_CRASH_AT", "settlement.after-broadcast"));
        String id = town.submit();

        // when
        Await.until(Town.PATIENCE, () -> !town.stack.service("settlement").alive(), () -> "settlement did not crash");
        town.stack.restart("settlement");

        // then
        assertPaidOnce(town.awaitSettled(id));
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
        assertPaidOnce(town.awaitSettled(id));
    }

    @Test
    void shouldFinishWhenAnAgentIsKilledInMidRunAndComesBack() {
        // given
        String id = town.submit();
        String victim = town.awaitUnderWay(id);

        // when
        town.stack.kill(victim);
        town.stack.restart(victim);

        // then
        assertPaidOnce(town.awaitSettled(id));
    }

    @Test
    void shouldGiveTheWorkToAnotherWhenAnAgentIsKilledAndStaysAway() {
        // given
        String id = town.submit();
        String victim = town.awaitUnderWay(id);

        // when
        town.stack.kill(victim);

        // then
        JobView job = town.awaitSettled(id);
        town.stack.restart(victim);
        assertPaidOnce(job);
        assertThat(job.attempts())
                .filteredOn(run -> run.owner().equals(before.holders().get(victim)))
                .allSatisfy(run -> assertThat(run.state()).isEqualTo(AttemptState.LOST));
    }

    @Test
    void shouldPayOnlyTheVerifiedPartWhenTheBuilderCancels() {
        // given
        String id = town.submit();
        town.await(id, job -> job.attempts().stream().filter(Town::underWay).count() == 2);

        // when
        town.builder.ask("cancel", id);

        // then
        JobView job = town.awaitSettled(id);
        assertThat(job.outcome()).as(job.toString()).isEqualTo(Outcome.CANCELLED);
        assertThat(job.verifiedTo()).isBetween(1, job.borders() - 1);
        assertThat(job.attempts()).allSatisfy(run -> assertThat(run.paid().value())
                .isEqualTo(run.price()
                        .value()
                        .multiply(java.math.BigInteger.valueOf(job.verifiedTo()))
                        .divide(java.math.BigInteger.valueOf(job.borders()))));
        assertThat(job.paid().plus(job.refunded())).isEqualTo(job.maxPayment());
        before.assertMovedOnlyBy(town.books(), job);
    }

    @Test
    void shouldFailWithTheContainersReasonAndGiveEverythingBackWhenTheDataIsBad(@TempDir Path directory)
            throws IOException {
        // given
        Files.createDirectory(directory.resolve("dataset"));
        Files.writeString(directory.resolve("dataset/data.jsonl"), "{\"prompt\": \"no completion\"}\n");
        String id = town.submit(town.jobWith(directory, Map.of("dataset", "./dataset")));

        // when
        JobView job = town.awaitSettled(id);

        // then
        assertFailed(job, Cause.BAD_DATA, FailureKind.BAD_DATA);
        assertThat(ran(job)).allSatisfy(run -> assertThat(run.exitCode()).isEqualTo(65));
        assertThat(job.detail()).contains("data.jsonl").contains("completion");
    }

    @Test
    void shouldTellLackOfMemoryFromACrash(@TempDir Path directory) throws IOException {
        // given
        String hungry = town.submit(town.jobOfImage(directory.resolve("oom"), "oom"));
        String broken = town.submit(town.jobOfImage(directory.resolve("crash"), "crash"));

        // when
        JobView starved = town.awaitSettled(hungry);
        JobView crashed = town.awaitSettled(broken);

        // then
        before.assertMovedOnlyBy(town.books(), starved, crashed);
        before = town.books();
        assertFailed(starved, Cause.OUT_OF_MEMORY, FailureKind.OUT_OF_MEMORY);
        assertFailed(crashed, Cause.CONTAINER, FailureKind.CRASHED);
        assertThat(crashed.detail()).contains("something broke");
    }

    @Test
    void shouldFailAJobWhoseImageLeavesTheContractsFilesOut(@TempDir Path directory) throws IOException {
        // given
        String id = town.submit(town.jobOfImage(directory, "no-files"));

        // when
        JobView job = town.awaitSettled(id);

        // then
        assertFailed(job, Cause.CONTAINER, FailureKind.CONTRACT_BROKEN);
    }

    /** Nobody is paid, everything goes back, and the attempts say why. */
    private void assertFailed(JobView job, Cause cause, FailureKind kind) {
        assertThat(job.outcome()).as(job.toString()).isEqualTo(Outcome.FAILED);
        assertThat(job.cause()).isEqualTo(cause);
        assertThat(ran(job)).isNotEmpty().extracting(AttemptView::failure).containsOnly(kind);
        assertThat(job.paid().isZero()).isTrue();
        assertThat(job.refunded()).isEqualTo(job.maxPayment());
        before.assertMovedOnlyBy(town.books(), job);
    }

    /** Without those that were called off: of a builder whose last jobs were faulty one owner's word is enough. */
    private static List<AttemptView> ran(JobView job) {
        return job.attempts().stream()
                .filter(run -> run.state() != AttemptState.CANCELLED)
                .toList();
    }

    private void assertPaidOnce(JobView job) {
        assertThat(job.outcome()).as(job.toString()).isEqualTo(Outcome.ACCEPTED);
        assertThat(job.verifiedTo()).isEqualTo(job.borders());
        var paid = job.attempts().stream().filter(run -> !run.paid().isZero()).toList();
        assertThat(paid).allSatisfy(run -> {
            assertThat(run.state()).isEqualTo(AttemptState.VERIFIED);
            assertThat(run.paid()).isEqualTo(run.price());
        });
        assertThat(paid.stream().map(AttemptView::owner).distinct()).hasSize(2);
        assertThat(paid).hasSize(2);
        assertThat(paid.stream().map(AttemptView::paid).reduce(Amount.ZERO, Amount::plus))
                .isEqualTo(job.paid());
        assertThat(job.paid().plus(job.refunded())).isEqualTo(job.maxPayment());
        before.assertMovedOnlyBy(town.books(), job);
    }
}
