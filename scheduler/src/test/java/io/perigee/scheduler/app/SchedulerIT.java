package io.perigee.scheduler.app;

import static io.perigee.testkit.data.OfferBuilder.anOffer;
import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.testkit.Ids;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleModels;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerIT {
    private static final SampleProvider A = SampleProvider.of("a");
    private static final SampleProvider B = SampleProvider.of("b");
    private static final SampleProvider C = SampleProvider.of("c");

    private LiveMarket market;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        market = new LiveMarket(directory);
    }

    @AfterEach
    void close() throws Exception {
        market.close();
    }

    @Test
    void shouldAcceptWhatTwoHonestReplicasAgreeOn() throws Exception {
        // given
        var scheduler = market.start();
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.join(B, ScriptedAgent.Manner.HONEST);

        // when
        var job = market.submit(SampleJobs.strict(2));

        // then
        var accepted = market.await(job, ResultAccepted.class);
        assertThat(accepted.payable().winners())
                .extracting(run -> run.assignment().attempt())
                .containsExactly(0, 1);
        assertThat(accepted.payable().toBorder()).isEqualTo(4);
        assertThat(market.facts(job, AttemptEnded.class))
                .extracting(AttemptEnded::end)
                .containsOnly(AttemptEnd.VERIFIED);
        assertThat(health(scheduler)).contains("\"status\":\"UP\"");
    }

    @Test
    void shouldPlaceWithoutPolling() {
        // given sweeps so rare that nothing here can wait for one
        market.set("perigee.scheduler.sweep", "1h");
        market.start();
        market.join(A.withSlots(20), ScriptedAgent.Manner.HONEST);
        market.join(B.withSlots(20), ScriptedAgent.Manner.HONEST);
        market.await(market.submit(SampleJobs.strict(2)), ResultAccepted.class);

        // when
        var millis = new ArrayList<Long>();
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            market.await(market.submit(SampleJobs.strict(2)), JobAssigned.class);
            millis.add((System.nanoTime() - start) / 1_000_000);
        }

        // then
        System.out.println("submit to assigned, ms: " + millis);
        assertThat(millis.stream().sorted().toList().get(5))
                .as("half of what the relay waits where nothing wakes it")
                .isLessThan(2_500);
    }

    @Test
    void shouldNameTheCheaterWithAThirdReplica() {
        // given
        market.start();
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.join(B.asking(90_000), ScriptedAgent.Manner.LYING);

        // when
        var job = market.submit(SampleJobs.strict(2));
        market.await(job, ResultDisputed.class);
        market.join(C, ScriptedAgent.Manner.HONEST);

        // then
        var accepted = market.await(job, ResultAccepted.class);
        assertThat(accepted.payable().winners())
                .extracting(RunEvidence::assignment)
                .extracting(assignment -> assignment.owner())
                .containsExactlyInAnyOrder(A.address(), C.address());
        assertThat(accepted.payable().contradictors())
                .singleElement()
                .satisfies(run -> assertThat(run.assignment().owner()).isEqualTo(B.address()));
    }

    @Test
    void shouldWaitForTheMemoryThatARunIsEstimatedToNeed() {
        // given providers who have all that the spec asks for
        market.start();
        market.join(A, anOffer().lending(4, 1_500_000_000L).build(), ScriptedAgent.Manner.HONEST);
        market.join(B, anOffer().lending(4, 1_500_000_000L).build(), ScriptedAgent.Manner.HONEST);
        market.awaitProviders(2);
        var job = market.submit(SampleJobs.strict(2), SampleModels.SMOLLM2);
        var queued = market.await(job, JobQueued.class);

        // when
        market.join(C, ScriptedAgent.Manner.HONEST);
        market.join(SampleProvider.of("d"), ScriptedAgent.Manner.HONEST);

        // then
        var accepted = market.await(job, ResultAccepted.class);
        assertThat(queued.reasons())
                .filteredOn(reason -> reason.constraint().equals("estimate.memory"))
                .singleElement()
                .extracting(NoMatchReason::detail)
                .asString()
                .contains("2 of 2 offers have less memory", "the roomiest class of providers, strict, has 1.50 GB");
        assertThat(accepted.payable().winners())
                .extracting(run -> run.assignment().provider())
                .containsExactlyInAnyOrder(C.id(), SampleProvider.of("d").id());
    }

    @Test
    void shouldReassignWhenAProviderIsSilent() {
        // given
        market.start();
        market.join(A.asking(1), ScriptedAgent.Manner.SILENT);
        market.join(B, ScriptedAgent.Manner.HONEST);
        var job = market.submit(SampleJobs.strict(2));
        market.await(job, AttemptStarted.class);
        market.join(C.asking(2), ScriptedAgent.Manner.HONEST);
        market.send("gateway", new ProviderOffline(A.id(), "missed 3 heartbeats"));

        // when
        var accepted = market.await(job, ResultAccepted.class);

        // then
        assertThat(accepted.payable().winners())
                .extracting(run -> run.assignment().owner())
                .containsExactlyInAnyOrder(B.address(), C.address());
        assertThat(market.facts(job, AttemptEnded.class))
                .extracting(AttemptEnded::end)
                .contains(AttemptEnd.LOST);
    }

    @Test
    void shouldReassignWhatNobodyTakesInTime() {
        // given
        market.start();
        market.join(A, ScriptedAgent.Manner.SILENT);
        market.join(B, ScriptedAgent.Manner.HONEST);
        var job = market.submit(SampleJobs.strict(2));
        market.await(job, AttemptStarted.class);
        market.join(C.asking(1), ScriptedAgent.Manner.HONEST);

        // when
        market.awaitWithTime(job, AttemptEnded.class, Duration.ofSeconds(10));

        // then
        market.await(job, ResultAccepted.class);
    }

    @Test
    void shouldQueueWithReasonsUntilSomebodyFits() {
        // given
        market.start();
        market.join(A, ScriptedAgent.Manner.HONEST);

        // when
        var job = market.submit(SampleJobs.strict(2));
        var queued = market.await(job, JobQueued.class);
        market.join(B, ScriptedAgent.Manner.HONEST);

        // then
        assertThat(queued.reasons()).extracting(reason -> reason.constraint()).containsExactly("verification.replicas");
        market.await(job, ResultAccepted.class);
    }

    @Test
    void shouldContinueAfterARestartBetweenAssignmentAndResult() {
        // given
        var first = market.start();
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.join(B, ScriptedAgent.Manner.STALLING);
        var job = market.submit(SampleJobs.strict(2));
        market.await(
                job,
                ResultCommitted.class,
                committed -> committed.attempt() == 1 && committed.commitment().toBorder() == 2);
        market.stop(first);

        // when what the agent says meanwhile waits on the log
        var run = market.agent(B)
                .run(job, 1)
                .or(() -> market.agent(B).run(job, 0))
                .orElseThrow();
        market.send(B.id().value(), run.commit(4));
        market.start();
        market.await(
                job,
                ResultCommitted.class,
                committed -> committed.commitment().toBorder() == 4
                        && committed.attempt() == run.assigned().attempt());

        // then
        market.await(job, ResultAccepted.class);
        assertThat(market.assignments(job)).isEqualTo(2);
    }

    @Test
    void shouldTakeRepeatedAndReorderedCommandsOnce() {
        // given
        market.start();
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.join(B, ScriptedAgent.Manner.SILENT);
        var job = market.submit(SampleJobs.strict(2));
        var assigned = market.await(
                job, JobAssigned.class, one -> one.assignment().provider().equals(B.id()));
        var run = SampleRun.honest(B, assigned, true);
        var source = B.id().value();

        // when
        market.send(source, run.reveal(4));
        market.send(source, run.commit(4));
        var accept = market.send(source, run.accept());
        market.send(accept);
        market.send(source, run.accept());
        var commit = market.send(source, run.commit(4));
        market.send(commit);
        market.send(source, run.commit(2));
        market.send(source, run.reveal(4));
        market.send(source, run.reveal(4));

        // then
        market.await(job, ResultAccepted.class);
        Await.until(
                LiveMarket.PATIENCE,
                () -> market.facts(job, CommandRejected.class).size() == 5,
                () -> "Expected five refusals, but got " + market.facts(job, CommandRejected.class));
        assertThat(market.facts(job, CommandRejected.class))
                .extracting(CommandRejected::code)
                .startsWith(ErrorCode.NO_RECEIPT, ErrorCode.WRONG_STATE, ErrorCode.CONFLICT, ErrorCode.WRONG_STATE)
                .last()
                // the other replica may have ended the job meanwhile
                .isIn(ErrorCode.CONFLICT, ErrorCode.STALE_LEASE);
        assertThat(market.facts(job, ResultAccepted.class)).hasSize(1);
    }

    @Test
    void shouldPayOnlyTheVerifiedPartOfACancelledJob() {
        // given
        market.start();
        market.join(A, ScriptedAgent.Manner.STALLING);
        market.join(B, ScriptedAgent.Manner.STALLING);
        var job = market.submit(SampleJobs.strict(2));
        market.await(
                job,
                ResultCommitted.class,
                one -> one.attempt() == 0 && one.commitment().toBorder() == 2);
        market.await(
                job,
                ResultCommitted.class,
                one -> one.attempt() == 1 && one.commitment().toBorder() == 2);

        // when
        market.send(Parties.BUILDER.address().value(), new CancelJob(job, Parties.BUILDER.address()));

        // then
        var cancelled = market.await(job, JobCancelled.class);
        assertThat(cancelled.payable().toBorder()).isEqualTo(2);
        assertThat(cancelled.payable().winners()).hasSize(2);
    }

    @Test
    void shouldBelieveOnlySettlementInMoney() {
        // given
        market.start();
        market.join(A, ScriptedAgent.Manner.HONEST);
        market.join(B, ScriptedAgent.Manner.HONEST);
        var spec = SampleJobs.strict(2);
        var id = Ids.jobId();
        var order = SampleJobs.order(id, spec, market.clock.instant(), 20_000);
        market.send("intake", SampleJobs.submitted(order, spec));

        // when
        market.send("gateway", new JobFunded(id, spec.price().max(), 1));
        var witness = market.submit(spec);
        market.await(witness, ResultAccepted.class);

        // then
        assertThat(market.facts(id, JobAssigned.class)).isEmpty();
    }

    @Test
    void shouldShareTheWorkBetweenTwoSchedulers() {
        // given
        market.start();
        market.start();
        market.join(A.withSlots(20), ScriptedAgent.Manner.HONEST);
        market.join(B.withSlots(20), ScriptedAgent.Manner.HONEST);

        // when
        List<JobId> jobs = Stream.generate(() -> market.submit(SampleJobs.strict(2)))
                .limit(10)
                .toList();

        // then
        for (var job : jobs) {
            market.await(job, ResultAccepted.class);
            assertThat(market.assignments(job)).isEqualTo(2);
            assertThat(market.facts(job, ResultAccepted.class)).hasSize(1);
        }
    }

    @Test
    void shouldNeverGiveAwayMoreSlotsThanThereAre() {
        // given four jobs at once for providers with one slot each
        market.start();
        market.start();
        market.join(A, ScriptedAgent.Manner.STALLING);
        market.join(B, ScriptedAgent.Manner.STALLING);
        List<JobId> jobs = Stream.generate(() -> market.submit(SampleJobs.strict(2)))
                .limit(4)
                .toList();

        // when one is placed, and matching has looked once more after that
        Await.until(
                LiveMarket.PATIENCE,
                () -> jobs.stream().mapToLong(market::assignments).sum() >= 2,
                () -> "Expected one job to be placed, but got "
                        + jobs.stream().map(market::names).toList());
        market.await(market.submit(SampleJobs.strict(2)), JobQueued.class);

        // then
        assertThat(jobs.stream().mapToLong(market::assignments).sum()).isEqualTo(2);
    }

    private static String health(Scheduler scheduler) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + scheduler.opsPort() + "/health/ready");
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
