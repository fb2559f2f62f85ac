package io.perigee.scheduler.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the log was said, however late a scheduler reads it. */
class HearingIT {
    private static final List<SampleProvider> PROVIDERS = List.of(SampleProvider.of("a"), SampleProvider.of("b"));

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
    void shouldHearWhoAnsweredInTimeWhileNoSchedulerRan() {
        // given
        var scheduler = market.start();
        PROVIDERS.forEach(provider -> market.join(provider, ScriptedAgent.Manner.SILENT));
        market.awaitProviders(2);
        var job = market.submit(SampleJobs.strict(2));
        PROVIDERS.forEach(provider -> assigned(job, provider));
        market.stop(scheduler);

        // when they take it, and their time would be up
        PROVIDERS.forEach(provider -> market.send(
                provider.id().value(),
                SampleRun.honest(provider, assigned(job, provider), true).accept()));
        market.clock.advance(Duration.ofSeconds(40));
        market.start();

        // then
        for (var provider : PROVIDERS) {
            int attempt = assigned(job, provider).attempt();
            market.await(job, AttemptStarted.class, started -> started.attempt() == attempt);
        }
        assertThat(market.facts(job, AttemptEnded.class)).isEmpty();
    }

    @Test
    void shouldStillTellWhoSaidNothing() {
        // given
        market.start();
        PROVIDERS.forEach(provider -> market.join(provider, ScriptedAgent.Manner.SILENT));
        market.awaitProviders(2);
        var job = market.submit(SampleJobs.strict(2));
        PROVIDERS.forEach(provider -> assigned(job, provider));

        // when
        market.clock.advance(Duration.ofSeconds(40));

        // then
        assertThat(market.await(job, AttemptEnded.class).end()).isEqualTo(AttemptEnd.LOST);
    }

    private JobAssigned assigned(JobId job, SampleProvider provider) {
        return market.await(
                job, JobAssigned.class, fact -> fact.assignment().provider().equals(provider.id()));
    }
}
