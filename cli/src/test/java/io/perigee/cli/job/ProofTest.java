package io.perigee.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.message.JobOrder;
import io.perigee.testkit.Ids;
import io.perigee.testkit.sample.SampleJobs;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProofTest {
    private static final JobOrder BY_EPOCH = SampleJobs.order(Ids.jobId(), SampleJobs.strict(2), Instant.EPOCH, 3_600);

    @Test
    void shouldPromiseTheMaximumOfADirectOrderAlone() {
        // given
        var direct = new JobOrder(
                BY_EPOCH.builder(),
                BY_EPOCH.hub(),
                BY_EPOCH.jobId(),
                BY_EPOCH.specHash(),
                BY_EPOCH.token(),
                BY_EPOCH.maxPayment(),
                BY_EPOCH.segments(),
                BY_EPOCH.quorum(),
                true,
                BY_EPOCH.validAfter(),
                BY_EPOCH.deadline());

        // when, then
        assertThat(Proof.limit(direct)).contains("the escrow pays no more");
        assertThat(Proof.limit(BY_EPOCH))
                .contains("when anybody challenges it")
                .doesNotContain("the escrow pays no more");
    }
}
