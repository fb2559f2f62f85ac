package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.id.Amount;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.process.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Blocks are replaced, 1 to 5 deep, all the while jobs are paid. */
class SettlementReorgIT extends OnLiveMarket {
    private static final int CONFIRMATIONS = 5;
    private static final int JOBS = 5;
    private static final int REORGANISATIONS = 12;

    @Test
    void shouldSettleEveryJobOnceThoughBlocksAreReplacedMeanwhile() throws InterruptedException {
        // given
        long seed = System.nanoTime();
        System.out.println("reorganisation seed " + seed);
        var random = new Random(seed);
        var owner = market.owners.getFirst().address();
        var before = market.balance(owner);
        List<Story> stories = new ArrayList<>();
        try (var settlement = new Service(market, CONFIRMATIONS).start()) {
            // when
            for (int i = 0; i < JOBS; i++) {
                var story = Story.aJob(market);
                stories.add(story);
                log.say(story.submitted());
                log.await(story.job, JobFunded.class);
                log.say(new ResultAccepted(story.job, i % 2 == 0 ? story.agreed() : story.disputed()));
            }
            for (int i = 0; i < REORGANISATIONS; i++) {
                Thread.sleep(300 + random.nextInt(700));
                market.reorg(1 + random.nextInt(5));
            }
            stories.forEach(story -> log.await(story.job, JobSettled.class));
            Await.until(
                    JobLog.PATIENCE,
                    () -> settlement
                            .vitals()
                            .ledger()
                            .filter(report -> report.block() > market.height() - 2 * CONFIRMATIONS)
                            .isPresent(),
                    () -> "Expected a ledger report of a late block, seed " + seed);

            // then
            assertThat(settlement.vitals().ledger().orElseThrow().differences())
                    .as("seed " + seed)
                    .isEmpty();
            assertThat(market.balance(owner)).as("seed " + seed).isEqualTo(before.plus(Amount.of(JOBS * Story.PRICE)));
            assertThat(stories).as("seed " + seed).allSatisfy(story -> {
                assertThat(log.all(story.job, JobSettled.class)).hasSize(1);
                assertThat(log.all(story.job, CreditsReserved.class)).hasSize(1);
                assertThat(market.spent(story.orderHash())).isEqualTo(Amount.of(2 * Story.PRICE));
            });
        }
    }
}
