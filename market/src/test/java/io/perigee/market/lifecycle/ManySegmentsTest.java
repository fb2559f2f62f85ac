package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An audit must not take the time of all other jobs, however many segments are run again. */
class ManySegmentsTest {
    private static final Duration MOST = Duration.ofSeconds(60);

    /** Also where no block draws, so that all of an audit by samples is run again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAuditEverySegmentOfAJobThatHasThousands(boolean full) {
        // given
        var lab = new Lab();
        lab.head = full ? Lab.HEAD : 0;
        JobSpec spec = full ? AuditStories.ALL : AuditStories.SOME;
        lab.placed(SampleJobs.withPrice(SampleJobs.withSegments(spec, 2_000), 20_000_000), "a")
                .completes(0);

        // when
        assertTimeoutPreemptively(
                MOST,
                () -> lab.drawn(10).serves().place("b", "c").completes(1, 2).sign());

        // then
        assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
    }
}
