package io.perigee.scheduler.placing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProviderDeskIT {
    private static final SampleProvider A = SampleProvider.of("a").withSlots(2);
    private static final SampleProvider B = SampleProvider.of("b").withSlots(2);

    private final OfflineMarket market = new OfflineMarket();

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldTellAProvidersOtherJobsThoughOneCannotBeDecidedAbout() {
        // given
        market.join(A);
        market.join(B);
        var broken = market.submit(SampleJobs.strict(2));
        var job = market.submit(SampleJobs.strict(2));
        market.match();
        assertThat(market.facts(job, JobAssigned.class)).hasSize(2);
        market.breakJobs(broken);

        // when
        market.hear("gateway", new ProviderOffline(A.id(), "missed 3 heartbeats"));

        // then
        assertThat(market.facts(job, AttemptEnded.class)).hasSize(1);
        assertThat(market.count("provider WHERE online")).as("who is online").isOne();
    }
}
