package io.perigee.scheduler.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.lifecycle.Job;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Payable;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoldedJobsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final FoldedJobs folded = new FoldedJobs(100);

    @Test
    void shouldKeepAsManyAsThereIsRoomForTheirFacts() {
        // given
        var jobs = List.of(keep(40), keep(40), keep(20));

        // when
        var one = keep(30);

        // then
        assertThat(folded.holds(jobs.get(0))).isFalse();
        assertThat(jobs.subList(1, 3)).allMatch(folded::holds);
        assertThat(folded.holds(one)).isTrue();
    }

    @Test
    void shouldCountAJobOnceHoweverOftenItIsKept() {
        // given
        var small = keep(10);
        var grows = keep(10);

        // when
        for (int facts = 2; facts <= 9; facts++) {
            folded.keep(grows, new FoldedJobs.Folded(facts, job(grows), 10L * facts));
        }

        // then
        assertThat(List.of(small, grows)).allMatch(folded::holds);
    }

    @Test
    void shouldKeepTheOthersThoughOneIsLargerThanAllMayBe() {
        // given
        var small = keep(10);

        // when
        var large = keep(101);

        // then
        assertThat(folded.holds(small)).isTrue();
        assertThat(folded.holds(large)).isFalse();
    }

    @Test
    void shouldDropAJobThatIsDecided() {
        // given
        var id = keep(10);

        // when
        var decided = Job.apply(job(id), new JobCancelled(id, "builder", Payable.nothing()), NOW);
        folded.keep(id, new FoldedJobs.Folded(2, decided, 20));

        // then
        assertThat(folded.holds(id)).isFalse();
    }

    private JobId keep(long bytes) {
        var id = Ids.jobId();
        folded.keep(id, new FoldedJobs.Folded(1, job(id), bytes));
        return id;
    }

    private static Job job(JobId id) {
        var spec = SampleJobs.strict(2);
        return Job.apply(null, SampleJobs.submitted(SampleJobs.order(id, spec, NOW, 10_000), spec), NOW);
    }
}
