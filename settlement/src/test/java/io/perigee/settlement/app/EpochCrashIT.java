package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.EpochChanged;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.EpochState;
import io.perigee.settlement.testing.EpochMarket;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.TestServers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What settles by epoch dies as by kill -9, or sees its post taken back; each epoch is posted, settled and told of once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EpochCrashIT {
    private EpochMarket town;
    private Market market;
    private JobLog log;

    @BeforeAll
    void start() {
        town = EpochMarket.live();
        market = town.market;
        log = new JobLog(TestServers.broker().bootstrap());
    }

    @AfterAll
    void stop() {
        log.close();
        town.close();
    }

    @Test
    void shouldPostAndSettleOnceThoughItIsKilledAtEveryStep() {
        // given
        var service = new Service(market, 2);
        var id = town.nextEpoch();
        var stories = List.of(town.story(market.builder, id), town.story(market.builder, id));
        var owner = market.owners.getFirst().address();
        var before = market.free(owner);
        long nonces = market.minedCount(market.payer);
        try (var first = service.start()) {
            stories.forEach(this::decide);
        }
        town.forwardToPosting(id);

        // when
        List.of(
                        "settlement.epoch-before-stored",
                        "settlement.epoch-stored",
                        "settlement.after-sign",
                        "settlement.after-broadcast",
                        "settlement.before-confirmed")
                .forEach(service::crashAt);
        try (var between = service.start()) {
            stories.forEach(story -> log.await(story.job, EpochPosted.class));
        }
        town.forwardToFinal(id);
        List.of("settlement.after-sign", "settlement.after-broadcast", "settlement.epoch-before-settled")
                .forEach(service::crashAt);
        try (var last = service.start()) {
            stories.forEach(story -> log.await(story.job, JobSettled.class));
            town.awaitBalancedBooks(last);
        }

        // then
        assertThat(market.free(owner)).isEqualTo(before.plus(Amount.of(2 * Story.PRICE)));
        assertThat(market.minedCount(market.payer)).isEqualTo(nonces + 2);
        assertThat(stories).allSatisfy(story -> {
            assertThat(log.all(story.job, EpochJoined.class)).hasSize(1);
            assertThat(log.all(story.job, EpochPosted.class)).hasSize(1);
            assertThat(log.all(story.job, JobSettled.class)).hasSize(1);
        });
        assertThat(log.of(id))
                .extracting(EpochChanged::state)
                .containsExactly(EpochState.BUILDING, EpochState.POSTED, EpochState.SETTLED);
    }

    @Test
    void shouldPostAgainWhatAReorganisationTookBack() {
        // given
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        var owner = market.owners.getFirst().address();
        var before = market.free(owner);
        try (var settlement = new Service(market, 8).start()) {
            decide(story);
            long nonces = market.minedCount(market.payer);

            // when
            town.forwardToPosting(id);
            town.awaitPost(nonces);
            market.reorg(3);
            log.await(story.job, EpochPosted.class);
            assertThat(market.minedCount(market.payer)).isEqualTo(nonces + 1);
            town.forwardToFinal(id);
            log.await(story.job, JobSettled.class);

            // then
            assertThat(market.minedCount(market.payer)).isEqualTo(nonces + 2);
            assertThat(market.free(owner)).isEqualTo(before.plus(Amount.of(Story.PRICE)));
            assertThat(log.all(story.job, EpochPosted.class)).hasSize(1);
            town.awaitBalancedBooks(settlement);
        }
    }

    private void decide(Story story) {
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);
        log.say(new ResultAccepted(story.job, story.agreed()));
        log.await(story.job, EpochJoined.class);
    }
}
