package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.EpochState;
import io.perigee.settlement.testing.EpochMarket;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Owner;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.settlement.testing.TwoParts;
import io.perigee.testkit.TestServers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Jobs that one provider began and another finished: both are paid, and so are the auditors of both. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartsIT {
    private static final Amount FIRST = Amount.of(Story.PRICE / Story.BORDERS * TwoParts.LEFT);
    private static final List<Amount> ALL =
            List.of(FIRST, TwoParts.SEGMENT, TwoParts.SEGMENT, TwoParts.rest(), TwoParts.SEGMENT, TwoParts.SEGMENT);

    private EpochMarket town;
    private Market market;
    private List<Owner> owners;
    private JobLog log;
    private Service own;
    private Settlement settlement;

    @BeforeAll
    void start() {
        town = EpochMarket.live();
        market = town.market;
        var six = new ArrayList<>(market.owners);
        six.addAll(List.of(market.another(4), market.another(5), market.another(6)));
        owners = List.copyOf(six);
        log = new JobLog(TestServers.broker().bootstrap());
        own = new Service(market, 2);
        settlement = own.start();
    }

    @AfterAll
    void stop() {
        settlement.close();
        log.close();
        town.close();
    }

    @AfterEach
    void balanced() {
        town.awaitBalancedBooks(settlement);
    }

    @Test
    void shouldShowEachPartByACallOfItsOwn() {
        // given
        var story = Story.aJob(market);
        fund(story);

        // when
        log.say(new ResultAccepted(story.job, new TwoParts(story, owners).both()));

        // then
        assertPaid(story, settled(story));
        assertThat(log.all(story.job, SettlementSent.class))
                .extracting(SettlementSent::purpose)
                .contains("direct:" + story.job + ":1", "direct:" + story.job);
    }

    @Test
    void shouldPayTheSecondPartThoughSomebodyElseHasShownTheFirst() {
        // given
        var story = Story.aJob(market);
        var parts = new TwoParts(story, owners);
        fund(story);
        market.direct(story, parts.first());

        // when
        log.say(new ResultAccepted(story.job, parts.both()));

        // then
        assertPaid(story, settled(story));
    }

    @Test
    void shouldPayAllByOneEpochAndAnswerForThemWhenTheOrderIsDemanded() {
        // given
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        fund(story);
        log.say(new ResultAccepted(story.job, new TwoParts(story, owners).both()));
        log.await(story.job, EpochJoined.class);
        town.forwardToPosting(id);
        var posted = log.await(id, EpochState.POSTED);

        // when
        town.demandOrder(posted, market.builder.address(), story.orderHash());
        log.await(id, EpochState.DEMANDED);
        town.awaitAnswers(id, 1);
        toDecided(id);

        // then
        assertThat(posted.count()).isEqualTo(ALL.size());
        assertPaid(story, log.await(story.job, JobSettled.class));
    }

    /** Once W is over, which the chain is moved across. */
    private JobSettled settled(Story story) {
        var reserved = log.await(story.job, CreditsReserved.class);
        market.forwardTo(reserved.maturesAt().getEpochSecond() + 1);
        return log.await(story.job, JobSettled.class);
    }

    private void toDecided(EpochId id) {
        town.forwardToFinal(id);
        town.forwardToDecided(id);
    }

    private void assertPaid(Story story, JobSettled settled) {
        assertThat(settled.payouts()).extracting(Payout::attempt).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(settled.payouts()).extracting(Payout::amount).containsExactlyElementsOf(ALL);
        var paid = ALL.stream().reduce(Amount.ZERO, Amount::plus);
        assertThat(settled.refunded()).isEqualTo(story.order.maxPayment().minus(paid));
    }

    private void fund(Story story) {
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);
    }
}
