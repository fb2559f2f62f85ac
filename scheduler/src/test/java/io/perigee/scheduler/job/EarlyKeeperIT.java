package io.perigee.scheduler.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.id.JobId;
import io.perigee.scheduler.testing.OfflineMarket;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of a job before the scheduler knows it. */
class EarlyKeeperIT {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final OfflineMarket market = new OfflineMarket();
    private final JobId job = Ids.jobId();

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void shouldCancelAJobThatWasKnownLongAfterItsCancel() {
        // given
        cancel(job);
        market.clock.advance(Duration.ofMinutes(30));
        market.earlier.round(LONGEST);

        // when
        submit();
        market.earlier.round(LONGEST);

        // then
        assertThat(market.facts(job, JobCancelled.class)).hasSize(1);
        assertThat(market.earlier.round(LONGEST)).isEqualTo(LONGEST);
    }

    @Test
    void shouldTakeThePaymentThatWasSentAgainBeforeItsJob() {
        // given
        market.hear(
                "settlement", new JobFunded(job, SampleJobs.strict(2).price().max(), 1));

        // when
        submit();
        market.earlier.round(LONGEST);

        // then
        assertThat(market.facts(job, JobFunded.class)).hasSize(1);
    }

    @Test
    void shouldLookAgainSoonForAJobThatIsOnItsWay() {
        cancel(job);
        assertThat(market.earlier.round(LONGEST)).isLessThan(Duration.ofSeconds(1));
        market.clock.advance(Duration.ofMinutes(2));
        assertThat(market.earlier.round(LONGEST)).isEqualTo(LONGEST);
    }

    @Test
    void shouldRefuseWhatIsOfNoJobAfterADay() {
        // given
        cancel(job);
        market.hear(
                "settlement",
                new JobFunded(Ids.jobId(), SampleJobs.strict(2).price().max(), 1));

        // when
        market.clock.advance(Duration.ofDays(1).plusSeconds(1));
        market.earlier.round(LONGEST);

        // then
        assertThat(market.sent(CommandRejected.class)).singleElement().satisfies(rejected -> assertThat(rejected.code())
                .isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(market.count("early")).isZero();
    }

    @Test
    void shouldApplyWhatIsOfOthersThoughOneCannotBeDecidedAbout() {
        // given
        var other = Ids.jobId();
        cancel(other);
        cancel(job);
        submit(other);
        market.breakJobs(other);
        submit();

        // when
        market.earlier.round(LONGEST);

        // then
        assertThat(market.facts(job, JobCancelled.class)).hasSize(1);
        assertThat(market.count("early")).isOne();
        market.mend(other);
        market.clock.advance(Duration.ofMinutes(1));
        market.earlier.round(LONGEST);
        assertThat(market.facts(other, JobCancelled.class)).hasSize(1);
    }

    private void cancel(JobId id) {
        market.hear(Parties.BUILDER.address().value(), new CancelJob(id, Parties.BUILDER.address()));
    }

    private void submit() {
        submit(job);
    }

    private void submit(JobId id) {
        market.submitted(id, SampleJobs.strict(2));
    }
}
