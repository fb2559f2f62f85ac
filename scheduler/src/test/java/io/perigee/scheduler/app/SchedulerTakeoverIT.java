package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two schedulers as processes; one is killed in the midst of work. */
class SchedulerTakeoverIT {
    /** The group's session ends after six seconds of silence; the rest is for taking over and for a busy machine. */
    private static final Duration TAKEOVER = Duration.ofSeconds(10);

    /** Many more than the log has partitions, so that each scheduler has some. */
    private static final int JOBS = 24;

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
    void shouldHaveTheJobsOfAKilledOneWithinTenSecondsAndAssignNothingTwice() {
        // given
        market.join(SampleProvider.of("a").withSlots(2 * JOBS), ScriptedAgent.Manner.HONEST);
        market.join(SampleProvider.of("b").withSlots(2 * JOBS), ScriptedAgent.Manner.HONEST);
        var doomed = market.startProcess("");
        market.startProcess("");
        submit().forEach(job -> market.await(job, ResultAccepted.class));

        // when
        var running = submit();
        Await.until(
                LiveMarket.PATIENCE,
                () -> running.stream().anyMatch(job -> market.assignments(job) > 0),
                () -> "Expected work to be under way, but nothing was assigned");
        doomed.kill();
        long killed = System.nanoTime();
        var late = submit();
        late.forEach(job -> market.await(job, JobAssigned.class));
        var took = Duration.ofNanos(System.nanoTime() - killed);
        Stream.concat(running.stream(), late.stream()).forEach(job -> market.await(job, ResultAccepted.class));

        // then
        System.out.println("taken over in " + took.toMillis() + " ms");
        assertThat(took).isLessThan(TAKEOVER);
        assertThat(Stream.concat(running.stream(), late.stream())).allSatisfy(job -> {
            assertThat(market.facts(job, JobAssigned.class)).hasSize(2);
            assertThat(market.facts(job, ResultAccepted.class)).hasSize(1);
        });
    }

    private List<JobId> submit() {
        return Stream.generate(() -> market.submit(SampleJobs.strict(2)))
                .limit(JOBS)
                .toList();
    }
}
