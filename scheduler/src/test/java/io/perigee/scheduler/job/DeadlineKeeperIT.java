package io.perigee.scheduler.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs are told that their time has come, whatever is wrong with others. */
class DeadlineKeeperIT {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final OfflineMarket market = new OfflineMarket();
    private final DeadlineKeeper keeper =
            new DeadlineKeeper(market.database, market.book, market.jobs, (now, _) -> Optional.of(_ -> now));

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldTellTheOthersThoughMoreAreBrokenThanItReadsAtOnce() {
        // given more broken ones than are read at once, all due before the one that is not
        var broken = Stream.generate(() -> market.submit(SampleJobs.strict(2)))
                .limit(101)
                .toArray(JobId[]::new);
        market.clock.advance(Duration.ofSeconds(1));
        var job = market.submit(SampleJobs.strict(2));
        market.breakJobs(broken);
        market.clock.advance(Duration.ofSeconds(601));

        // when
        var pause = keeper.round(LONGEST);

        // then
        assertThat(market.facts(job, JobExpired.class)).hasSize(1);
        assertThat(pause).as("until the broken ones are due again").isEqualTo(Duration.ofSeconds(1));
    }

    /** As after other rules, by which jobs are due later than what is written of them. */
    @Test
    void shouldPlanAnewWhatIsNotDueAfterAllAndTellTheOthers() {
        // given more of them than are read at once, and one that is due indeed
        var job = market.submit(SampleJobs.strict(2));
        market.clock.advance(Duration.ofSeconds(500));
        var later = Stream.generate(() -> market.submit(SampleJobs.strict(2)))
                .limit(101)
                .map(JobId::value)
                .toArray(UUID[]::new);
        market.clock.advance(Duration.ofSeconds(101));
        market.change(
                "UPDATE job SET due = $2 WHERE id = ANY($1)",
                later,
                market.jobs.now().minus(Duration.ofHours(1)));

        // when
        var pause = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> keeper.round(LONGEST));

        // then
        assertThat(market.facts(job, JobExpired.class)).hasSize(1);
        assertThat(pause).isEqualTo(LONGEST);
        assertThat(market.facts(new JobId(later[0]), JobExpired.class)).isEmpty();
        assertThat(market.database.inTransaction(market.book::nextDue))
                .as("600 s after they were submitted")
                .contains(market.jobs.now().plus(Duration.ofSeconds(499)));
    }

    @Test
    void shouldTellAJobOnceItCanBeDecidedAbout() {
        // given
        var job = market.submit(SampleJobs.strict(2));
        market.breakJobs(job);
        market.clock.advance(Duration.ofSeconds(601));
        keeper.round(LONGEST);
        market.clock.advance(keeper.round(LONGEST));
        market.mend(job);

        // when
        keeper.round(LONGEST);

        // then
        assertThat(market.facts(job, JobExpired.class)).hasSize(1);
    }
}
