package io.perigee.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.rest.AttemptView;
import io.perigee.protocol.rest.EpochState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Outcome;
import io.perigee.testkit.process.Await;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Orders as they are by default: settled by epoch, on a chain whose time is moved forward. */
class EpochST {
    @Test
    void shouldPayTwoJobsOfOneEpochThoughSettlementDiesWhileItPosts() {
        // given
        try (Town town = Town.byEpoch("epoch")) {
            var before = town.books();
            town.awaitRoomInWindow();
            List<String> ids = List.of(town.submitByEpoch(), town.submitByEpoch());
            ids.forEach(town::awaitPlanned);
            town.stack.restart("settlement", Map.of("PERIGEE_CRASH_AT", "settlement.epoch-stored"));

            // when
            town.forwardToPosting(ids.getLast());
            Await.until(
                    Town.PATIENCE, () -> !town.stack.service("settlement").alive(), () -> "settlement did not crash");
            town.stack.restart("settlement");
            JobView[] jobs = ids.stream().map(town::settleByEpoch).toArray(JobView[]::new);

            // then
            assertThat(jobs).allSatisfy(job -> {
                assertThat(job.outcome()).isEqualTo(Outcome.ACCEPTED);
                assertThat(job.attempts()).extracting(AttemptView::paid).isEqualTo(prices(job));
                assertThat(job.paid().plus(job.refunded())).isEqualTo(job.maxPayment());
                assertThat(job.transactions()).hasSize(2);
            });
            before.assertMovedOnlyBy(town.books(), jobs);
            assertThat(town.epochs())
                    .allSatisfy(epoch -> assertThat(epoch.state()).isEqualTo(EpochState.SETTLED));
        }
    }

    private static List<?> prices(JobView job) {
        return job.attempts().stream().map(AttemptView::price).toList();
    }
}
