package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index that the scheduler places by, the log behind it, and who can check it. */
class PlacingIT {
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
    void shouldRecomputeEveryChoiceFromTheLog() {
        // given jobs placed while the market changed, by two schedulers, one after the other
        var jobs = new ArrayList<JobId>();
        var first = market.start();
        market.join(A.withSlots(3), ScriptedAgent.Manner.HONEST);
        market.join(B.asking(90_000), ScriptedAgent.Manner.HONEST);
        jobs.add(accepted());
        market.join(C.asking(50_000), ScriptedAgent.Manner.HONEST);
        jobs.add(accepted());
        market.stop(first);
        market.start();
        jobs.add(accepted());
        market.send("gateway", new ProviderOffline(C.id(), "bye"));
        jobs.add(accepted());

        // when
        var answers = jobs.stream().map(this::verify).toList();

        // then
        assertThat(answers).extracting(Answer::status).containsOnly(0);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.words()).contains("as the rules say"));
    }

    @Test
    void shouldFindAChoiceThatFavouredAFriend() {
        // given a job that got the two cheapest, and a hub that says afterwards the third had been cheaper
        market.start();
        market.join(A.asking(1_000), ScriptedAgent.Manner.HONEST);
        market.join(B.asking(2_000), ScriptedAgent.Manner.HONEST);
        market.join(C.asking(3_000), ScriptedAgent.Manner.HONEST);
        var job = accepted();
        assertThat(verify(job).status()).isZero();

        // when
        market.change(
                "UPDATE scheduler.offer_change SET body = replace(body, '\"perMillionTokens\":\"3000\"', '\"perMillionTokens\":\"500\"')");
        var answer = verify(job);

        // then
        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.words())
                .contains("but the rules say " + C.id().value())
                .contains("the book is not as it was written");
    }

    @Test
    void shouldWakeAJobOnlyWhenAnOfferCanHelpIt() {
        // given a job that waits for a second owner, though nothing sweeps
        market.set("perigee.scheduler.sweep", "1h");
        market.start();
        market.join(A.withSlots(5), ScriptedAgent.Manner.HONEST);
        var job = market.submit(SampleJobs.strict(2));
        market.await(job, JobQueued.class);
        long looks = looks(job);

        // when offers come that are too dear for it, and then one that is not
        for (int dear = 0; dear < 5; dear++) {
            market.join(SampleProvider.of("dear" + dear).asking(1L << 50), ScriptedAgent.Manner.HONEST);
        }
        market.await(market.submit(SampleJobs.strict(2)), JobQueued.class);
        assertThat(market.count("SELECT count(DISTINCT subject) FROM scheduler.offer_change WHERE kind = 'OFFER'"))
                .isEqualTo(6);
        long before = looks(job);
        market.join(B, ScriptedAgent.Manner.HONEST);

        // then
        market.await(job, ResultAccepted.class);
        assertThat(before).isEqualTo(looks);
    }

    @Test
    void shouldGiveWhatBecomesFreeToWhoHoldsLeast() {
        // given one builder whose four jobs wait for everything there is
        market.start();
        market.join(A.withSlots(1), ScriptedAgent.Manner.STALLING);
        market.join(B.withSlots(1), ScriptedAgent.Manner.STALLING);
        market.awaitProviders(2);
        var first = market.submit(SampleJobs.strict(2));
        market.await(first, JobAssigned.class);
        var greedy = List.of(first, market.submit(SampleJobs.strict(2)), market.submit(SampleJobs.strict(2)));
        market.await(greedy.get(1), JobQueued.class);
        market.await(greedy.get(2), JobQueued.class);
        var modest = market.submitAs(Parties.key("another builder"), SampleJobs.strict(2));
        market.await(modest, JobQueued.class);

        // when room comes for one job
        market.join(C, ScriptedAgent.Manner.STALLING);
        market.join(SampleProvider.of("d"), ScriptedAgent.Manner.STALLING);

        // then
        market.await(modest, JobAssigned.class);
        assertThat(greedy.stream().mapToLong(market::assignments).sum()).isEqualTo(2);
    }

    @Test
    void shouldPlaceManyJobsWithFewCommitsAsIfOneByOne() {
        // given twelve jobs that wait for a second owner
        market.set("perigee.scheduler.sweep", "1h");
        market.start();
        market.join(A.asking(50_000).withSlots(7), ScriptedAgent.Manner.STALLING);
        var jobs = IntStream.range(0, 12)
                .mapToObj(_ -> market.submit(SampleJobs.strict(2)))
                .toList();
        jobs.forEach(job -> market.await(job, JobQueued.class));

        // when room comes for five and then for two of them
        market.join(B.asking(60_000).withSlots(5), ScriptedAgent.Manner.STALLING);
        market.join(C.asking(70_000).withSlots(4), ScriptedAgent.Manner.STALLING);

        // then
        Await.until(
                LiveMarket.PATIENCE,
                () -> market.count("SELECT count(*) FROM scheduler.placement") == 7,
                () -> "Expected seven choices, but there are "
                        + market.count("SELECT count(*) FROM scheduler.placement"));
        assertThat(market.count("SELECT count(DISTINCT xmin::text) FROM scheduler.placement"))
                .isLessThan(7);
        assertThat(List.of(A, B, C))
                .extracting(provider ->
                        market.count("SELECT count(*) FROM scheduler.attempt WHERE occupies AND provider = '%s'"
                                .formatted(provider.id().value())))
                .containsExactly(7L, 5L, 2L);
        var placed = jobs.stream()
                .filter(job ->
                        market.count("SELECT count(*) FROM scheduler.placement WHERE job_id = '%s'".formatted(job))
                                == 1)
                .toList();
        assertThat(placed).hasSize(7).allSatisfy(job -> assertThat(verify(job).status())
                .isZero());
    }

    private JobId accepted() {
        var job = market.submit(SampleJobs.strict(2));
        market.await(job, ResultAccepted.class);
        return job;
    }

    private long looks(JobId job) {
        // every look writes the job's row, and this is the transaction that wrote it last
        return market.count("SELECT xmin::text::bigint FROM scheduler.job WHERE id = '%s'".formatted(job));
    }

    private record Answer(int status, String words) {}

    private Answer verify(JobId job) {
        var out = new ByteArrayOutputStream();
        int status = SelectionVerb.run(
                new String[] {SelectionVerb.NAME, job.toString()},
                market.settings(),
                new PrintStream(out, true, StandardCharsets.UTF_8));
        return new Answer(status, out.toString(StandardCharsets.UTF_8));
    }
}
