package io.perigee.scheduler.placing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.TryLater;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A signer of the hub's that is slow, or away now and then, holds up no more than what it is asked for. */
class SlowSignerIT {
    private static final int JOBS = 24;

    private final OfflineMarket market = new OfflineMarket();

    @AfterEach
    void close() {
        market.close();
    }

    private List<JobId> jobs() {
        market.join(SampleProvider.of("a").withSlots(2 * JOBS));
        market.join(SampleProvider.of("b").withSlots(2 * JOBS));
        return Stream.generate(() -> market.submit(SampleJobs.strict(2)))
                .limit(JOBS)
                .toList();
    }

    private long assigned(List<JobId> jobs) {
        return jobs.stream()
                .filter(job -> market.facts(job, JobAssigned.class).size() == 2)
                .count();
    }

    @Test
    void shouldCommitWhatWasSignedBeforeTheTransactionsTimeIsUp() {
        // given
        var jobs = jobs();
        market.signing = () -> sleep(Duration.ofMillis(100));
        market.matchmaker.wanted();

        // when
        boolean more = market.matchmaker.round();

        // then
        assertThat(more).isTrue();
        assertThat(assigned(jobs)).isBetween(5L, 15L);
        market.signing = () -> {};
        market.match();
        assertThat(assigned(jobs)).isEqualTo(JOBS);
    }

    @Test
    void shouldPlaceAllThoughEachTwentiethSignatureFails() {
        // given
        var jobs = jobs();
        var signatures = new AtomicInteger();
        market.signing = () -> {
            if (signatures.incrementAndGet() % 20 == 0) {
                throw new TryLater("The signer is away");
            }
        };

        // when
        int failed = 0;
        for (int round = 0; round < 40 && assigned(jobs) < JOBS; round++) {
            market.matchmaker.wanted();
            try {
                market.matchmaker.round();
            } catch (TryLater away) {
                failed++;
            }
        }

        // then
        assertThat(assigned(jobs)).isEqualTo(JOBS);
        assertThat(failed).isPositive();
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
