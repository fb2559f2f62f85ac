package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.rest.Outcome;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.SpecLimits;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
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

    /** A record has 8 MiB at most, and the envelope around a fact takes less than a hundredth of it. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void shouldTellADecisionInOneRecordHoweverManyBordersAJobMayHave(int replicas) {
        // given
        var spec = SampleJobs.withSegments(SampleJobs.strict(replicas), SpecLimits.borders(replicas));
        var lab = new Lab();
        var names =
                IntStream.rangeClosed(0, replicas).mapToObj(each -> "r" + each).toArray(String[]::new);
        lab.placed(SampleJobs.withPrice(spec, 900_000_000), Arrays.copyOf(names, replicas));
        lab.lies(0, 1, "forged").completes(0);

        // when
        for (int each = 1; each < replicas; each++) {
            if (lab.phase() != Phase.DECIDED) {
                lab.completes(each);
            }
        }
        if (lab.phase() != Phase.DECIDED) {
            lab.place(names[replicas]).completes(replicas);
        }

        // then
        assertThat(lab.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(lab.contradictors()).containsExactly(0);
        assertThat(Json.bytes(new ResultAccepted(lab.job.id(), lab.payable())).length)
                .isLessThan((8 << 20) * 99 / 100);
    }

    @Test
    void shouldPayWhoeverAgreesThoughThereIsNoRoomToShowWhoWasWrong() {
        // given
        var spec = SampleJobs.withSegments(SampleJobs.strict(4), SpecLimits.borders(4));
        var lab = new Lab();
        lab.placed(SampleJobs.withPrice(spec, 900_000_000), "cheat", "other cheat", "a", "b");

        // when
        lab.lies(0, 1, "forged").lies(1, 1, "forged otherwise").completes(0, 1, 2, 3);
        lab.place("c").completes(4);

        // then
        assertThat(lab.winners()).containsExactly(2, 3, 4);
        assertThat(lab.contradictors()).containsExactly(0);
    }
}
