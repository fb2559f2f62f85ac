package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.epoch.EpochId;
import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochChanged;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.EpochState;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.testing.EpochMarket;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.TestServers;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Jobs paid by epoch from fact to fact, on a real chain whose time is moved forward. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EpochIT {
    private static final Amount PRICE = Amount.of(Story.PRICE);

    private EpochMarket town;
    private Market market;
    private JobLog log;
    private Service own;
    private Settlement settlement;

    @BeforeAll
    void start() {
        town = EpochMarket.live();
        market = town.market;
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
    void shouldPayJobsOfSeveralBuildersAndOwnersToTheUnit() {
        // given
        var other = town.builder("second builder");
        var id = town.nextEpoch();
        var stories = List.of(story(market.builder, id), story(other, id), story(other, id));
        var owner = market.owners.get(0).address();
        var before = market.free(owner);
        var beforeThird = market.free(market.owners.get(2).address());
        long allotted = market.allotment().value().longValueExact();
        decide(stories.get(0), stories.get(0).agreed());
        decide(stories.get(1), stories.get(1).agreed());
        decide(stories.get(2), town.agreedBy(stories.get(2), 0, 2));

        // when
        town.forwardToPosting(id);
        var posted = log.await(stories.get(0).job, EpochPosted.class);
        var told = log.await(id, EpochState.POSTED);
        town.forwardToFinal(id);
        var settled = stories.stream()
                .map(story -> log.await(story.job, JobSettled.class))
                .toList();

        // then
        assertThat(log.await(stories.get(0).job, EpochJoined.class))
                .isEqualTo(new EpochJoined(
                        stories.get(0).job,
                        id.number(),
                        Instant.ofEpochSecond(id.postedFrom(market.window)),
                        Instant.ofEpochSecond(id.demandedUntil(market.window))));
        assertThat(posted.payouts()).extracting(Payout::amount).containsExactly(PRICE, PRICE);
        assertThat(told.count()).isEqualTo(6);
        assertThat(told.debits()).isEqualTo(PRICE.times(6)).isEqualTo(told.credits());
        assertThat(told.transaction()).isEqualTo(posted.txHash());
        assertThat(settled).allSatisfy(fact -> {
            assertThat(fact.payouts()).extracting(Payout::amount).containsExactly(PRICE, PRICE);
            assertThat(fact.refunded()).isEqualTo(PRICE);
            assertThat(fact.txHashes()).hasSize(2).startsWith(posted.txHash());
            assertThat(fact.gasUsed()).isBetween(30_000L, 200_000L);
        });
        assertThat(market.free(owner)).isEqualTo(before.plus(PRICE.times(3)));
        assertThat(market.free(market.owners.get(2).address())).isEqualTo(beforeThird.plus(PRICE));
        assertThat(market.allotment()).isEqualTo(Amount.of(allotted).minus(PRICE.times(2)));
        assertThat(log.of(id)).extracting(EpochChanged::state).endsWith(EpochState.SETTLED);
    }

    @Test
    void shouldAnswerEveryDemandAndSettleAWindowLater() {
        // given
        var id = town.nextEpoch();
        var stories = List.of(story(market.builder, id), story(market.builder, id));
        stories.forEach(story -> decide(story, story.agreed()));
        town.forwardToPosting(id);
        var posted = log.await(id, EpochState.POSTED);
        var content = town.contentOf(stories);
        var owner = market.owners.get(0).address();
        var before = market.free(owner);

        // when
        town.demandLine(posted, content, 2);
        town.demandOrder(posted, market.builder.address(), stories.get(0).orderHash());
        town.demandOrder(posted, market.builder.address(), Market.word("no order of it"));
        log.await(id, EpochState.DEMANDED);
        town.awaitAnswers(id, 3);
        town.forwardToFinal(id);
        town.forwardToDecided(id);
        stories.forEach(story -> log.await(story.job, JobSettled.class));

        // then
        assertThat(log.of(id)).extracting(EpochChanged::state).endsWith(EpochState.DEMANDED, EpochState.SETTLED);
        assertThat(market.free(owner)).isEqualTo(before.plus(PRICE.times(2)));
    }

    @Test
    void shouldPayTheJobsOfAVoidEpochByTheirEvidence() {
        // given
        var id = town.nextEpoch();
        var stories = List.of(story(market.builder, id), story(market.builder, id));
        stories.forEach(story -> decide(story, story.agreed()));
        town.forwardToPosting(id);
        var posted = log.await(id, EpochState.POSTED);
        var content = town.contentOf(stories);
        var owner = market.owners.get(0).address();
        var free = market.free(owner);
        var before = market.balance(owner);

        // when
        settlement.close();
        town.demandLine(posted, content, 1);
        town.forwardToDecided(id);
        town.lapse(id, 1);
        settlement = own.start();
        var left = stories.stream()
                .map(story -> log.await(story.job, EpochLeft.class))
                .toList();
        town.forwardToDirect(stories.getFirst());
        stories.forEach(story -> log.await(story.job, CreditsReserved.class));
        town.forwardToMaturity();
        var settled = stories.stream()
                .map(story -> log.await(story.job, JobSettled.class))
                .toList();

        // then
        assertThat(left).allSatisfy(fact -> assertThat(fact.reason()).isEqualTo("it is void"));
        assertThat(log.of(id)).extracting(EpochChanged::state).endsWith(EpochState.VOID);
        assertThat(settled)
                .allSatisfy(fact ->
                        assertThat(fact.payouts()).extracting(Payout::amount).containsExactly(PRICE, PRICE));
        assertThat(market.balance(owner)).isEqualTo(before.plus(PRICE.times(2)));
        assertThat(market.free(owner)).isEqualTo(free);
        town.openBookAgain();
    }

    @Test
    void shouldPayAJobDecidedAfterItsEpochOnceItWasShownToBeOutOfIt() {
        // given
        var id = town.nextEpoch();
        var early = story(market.builder, id);
        var late = story(market.builder, id);
        decide(early, early.agreed());
        fund(late);
        town.forwardToPosting(id);
        log.await(id, EpochState.POSTED);

        // when
        log.say(new ResultAccepted(late.job, late.agreed()));
        var left = log.await(late.job, EpochLeft.class);
        town.forwardToFinal(id);
        log.await(early.job, JobSettled.class);
        town.forwardToDirect(late);
        log.await(late.job, CreditsReserved.class);
        town.forwardToMaturity();
        var settled = log.await(late.job, JobSettled.class);

        // then
        assertThat(left.reason()).isEqualTo("the job was decided after it was built");
        assertThat(log.all(late.job, SettlementSent.class))
                .extracting(SettlementSent::purpose)
                .containsExactly("carry:" + late.job, "direct:" + late.job, "collect:" + late.job);
        assertThat(settled.payouts()).extracting(Payout::amount).containsExactly(PRICE, PRICE);
        assertThat(settled.refunded()).isEqualTo(PRICE);
        assertThat(market.spent(late.orderHash())).isEqualTo(PRICE.times(2));
        assertThat(market.spent(early.orderHash())).isEqualTo(Amount.ZERO);
    }

    @Test
    void shouldBurnTheBondOfWhoContradictsThoughTheOrderIsNotDirect() {
        // given
        var id = town.nextEpoch();
        var story = story(market.builder, id);
        var forger = market.owners.get(1);
        var stake = market.stake(forger);
        fund(story);

        // when
        log.say(new ResultAccepted(story.job, story.disputed()));
        var left = log.await(story.job, EpochLeft.class);
        town.forwardToDirect(story);
        log.await(story.job, CreditsReserved.class);
        town.forwardToMaturity();
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(left.reason()).isEqualTo("a bond burns by evidence only");
        assertThat(settled.burns()).hasSize(1);
        assertThat(market.stake(forger)).isEqualTo(stake.minus(Amount.of(Story.BOND)));
        assertThat(log.of(id)).isEmpty();
    }

    @Test
    void shouldBurnTheBondOfARunThatFellByAuditThoughTheOrderIsNotDirect() {
        // given
        var id = town.nextEpoch();
        var story = story(market.builder, id);
        var fallen = market.another(4);
        fund(story);

        // when
        log.say(new ResultAccepted(story.job, story.auditedAfterTheFallOf(fallen)));
        var left = log.await(story.job, EpochLeft.class);
        town.forwardToDirect(story);
        log.await(story.job, CreditsReserved.class);
        town.forwardToMaturity();
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(left.reason()).isEqualTo("a bond burns by evidence only");
        assertThat(settled.burns()).containsExactly(new Burn(0, fallen.address(), Amount.of(Story.BOND)));
        assertThat(settled.payouts()).extracting(Payout::attempt).containsExactly(1, 2, 3);
        assertThat(market.stake(fallen)).isEqualTo(Amount.of(Market.STAKE - Story.BOND));
        assertThat(log.of(id)).isEmpty();
    }

    @Test
    void shouldMissAnEpochThatItWasDownForAndPayByEvidence() {
        // given
        var id = town.nextEpoch();
        var story = story(market.builder, id);
        decide(story, story.agreed());

        // when
        settlement.close();
        town.forwardPastPosting(id);
        settlement = own.start();
        log.await(story.job, EpochLeft.class);
        town.forwardToDirect(story);
        log.await(story.job, CreditsReserved.class);
        town.forwardToMaturity();
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(settled.payouts()).extracting(Payout::amount).containsExactly(PRICE, PRICE);
        assertThat(log.all(story.job, SettlementSent.class))
                .extracting(SettlementSent::purpose)
                .containsExactly("direct:" + story.job, "collect:" + story.job);
    }

    @Test
    void shouldPostOnceThoughTwoBuildersRun() {
        // given
        var id = town.nextEpoch();
        var story = story(market.builder, id);
        long nonces = market.minedCount(market.payer);
        JobSettled settled;
        try (var second = own.start()) {
            decide(story, story.agreed());

            // when
            town.forwardToPosting(id);
            log.await(story.job, EpochPosted.class);
            town.forwardToFinal(id);
            settled = log.await(story.job, JobSettled.class);
            town.awaitBalancedBooks(second);
        }

        // then
        assertThat(settled.payouts()).hasSize(2);
        assertThat(market.minedCount(market.payer)).isEqualTo(nonces + 2);
        assertThat(log.all(story.job, EpochPosted.class)).hasSize(1);
        assertThat(log.all(story.job, JobSettled.class)).hasSize(1);
    }

    private Story story(KeyPair builder, EpochId id) {
        return town.story(builder, id);
    }

    private void fund(Story story) {
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);
    }

    private void decide(Story story, Payable payable) {
        fund(story);
        log.say(new ResultAccepted(story.job, payable));
        log.await(story.job, EpochJoined.class);
    }
}
