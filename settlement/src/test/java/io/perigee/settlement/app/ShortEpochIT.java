package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A builder gives away, under an order that its hub's service does not know, what it owes by an epoch. */
class ShortEpochIT {
    private static final Amount PRICE = Amount.of(Story.PRICE);
    /** Less than what the epoch lacks. */
    private static final long BOND = Story.PRICE;

    private EpochMarket town;
    private Market market;
    private JobLog log;
    private Settlement settlement;

    @BeforeEach
    void start() {
        town = EpochMarket.live(BOND);
        market = town.market;
        log = new JobLog(TestServers.broker().bootstrap());
        settlement = new Service(market, 2).start();
    }

    @AfterEach
    void stop() {
        town.awaitBalancedBooks(settlement);
        settlement.close();
        log.close();
        town.close();
    }

    @Test
    void shouldPayAllByEvidenceButThoseOfTheBuilderWhoseMoneyIsGone() {
        // given
        var poor = town.builder("poor builder");
        var id = town.nextEpoch();
        var honest = List.of(decide(market.builder, id), decide(town.builder("second builder"), id));
        var unpaid = decide(poor, id);
        var next = decide(market.builder, next(id));
        var owner = market.owners.get(0).address();
        var before = market.balance(owner);
        town.forwardToPosting(id);
        log.await(id, EpochState.POSTED);

        // when
        town.drain(poor, market.owners.get(2), id);
        town.forwardToFinal(id);
        var left = log.await(honest.getFirst().job, EpochLeft.class);
        town.forwardToDirect(honest.getLast());
        honest.forEach(story -> log.await(story.job, CreditsReserved.class));
        town.forwardToDirect(next);
        log.await(next.job, CreditsReserved.class);
        town.forwardToMaturity();
        var settled = honest.stream()
                .map(story -> log.await(story.job, JobSettled.class))
                .toList();
        var later = log.await(next.job, JobSettled.class);
        var nothing = log.await(unpaid.job, JobSettled.class);

        // then
        assertThat(left.reason()).isEqualTo("it is void");
        assertThat(log.of(id).getLast().state()).isEqualTo(EpochState.VOID);
        assertThat(settled).allSatisfy(ShortEpochIT::assertPaid);
        assertPaid(later);
        assertThat(market.balance(owner)).isEqualTo(before.plus(PRICE.times(3)));
        assertThat(nothing.payouts()).isEmpty();
        assertThat(market.spent(unpaid.orderHash())).isEqualTo(Amount.ZERO);
    }

    private static EpochId next(EpochId id) {
        return new EpochId(id.hub(), id.token(), id.number() + 1);
    }

    private static void assertPaid(JobSettled fact) {
        assertThat(fact.payouts()).extracting(Payout::amount).containsExactly(PRICE, PRICE);
    }

    private Story decide(KeyPair builder, EpochId id) {
        var story = town.story(builder, id);
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);
        log.say(new ResultAccepted(story.job, story.agreed()));
        log.await(story.job, EpochJoined.class);
        return story;
    }
}
