package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run that fell by audit costs its owner the bond, once, whatever happens meanwhile; and nobody else a unit. */
class ConvictedIT extends OnLiveMarket {
    private static final Amount BOND = Amount.of(Story.BOND);
    /** So many blocks a settlement waits, five a second, that it plans before it believes what is mined. */
    private static final int SLOW = 20;

    @Test
    void shouldBurnTheBondOfWhoFellAndPayTheNextAndItsAuditors() {
        // given
        var story = Story.aJob(market);
        var fallen = market.another(4);
        var before = market.balance(fallen.address());

        // when
        JobSettled settled;
        try (var settlement = new Service(market, 2).start()) {
            decide(story, story.auditedAfterTheFallOf(fallen));
            settled = log.await(story.job, JobSettled.class);
        }

        // then
        assertThat(settled.burns()).containsExactly(new Burn(0, fallen.address(), BOND));
        assertPaid(settled);
        assertThat(market.stake(fallen)).isEqualTo(Amount.of(Market.STAKE).minus(BOND));
        assertThat(market.balance(fallen.address())).isEqualTo(before);
    }

    @Test
    void shouldBurnOnceThoughItIsKilledAndToldAgain() {
        // given
        var service = new Service(market, 2);
        var story = Story.aJob(market);
        var fallen = market.another(5);
        try (var first = service.start()) {
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
        }
        var accepted = log.say(new ResultAccepted(story.job, story.auditedAfterTheFallOf(fallen)));

        // when
        for (var place :
                List.of("settlement.after-sign", "settlement.after-broadcast", "settlement.before-confirmed")) {
            service.crashAt(place);
            log.repeat(accepted);
        }
        JobSettled settled;
        try (var last = service.start()) {
            log.say(new ResultAccepted(story.job, story.auditedAfterTheFallOf(fallen)));
            settled = log.await(story.job, JobSettled.class);
        }

        // then
        assertThat(settled.burns()).containsExactly(new Burn(0, fallen.address(), BOND));
        assertPaid(settled);
        assertThat(market.stake(fallen)).isEqualTo(Amount.of(Market.STAKE).minus(BOND));
        assertThat(log.all(story.job, SettlementSent.class)).hasSize(2);
        assertThat(log.all(story.job, JobSettled.class)).hasSize(1);
    }

    /** The evidence of a run that holds names no auditor that was wrong: `direct` takes the bonds of runs alone. */
    @Test
    void shouldBurnNothingWhereTheRunHeld() {
        // given
        var story = Story.aJob(market);
        var run = market.owners.getFirst();
        var stake = market.stake(run);

        // when
        JobSettled settled;
        try (var settlement = new Service(market, 2).start()) {
            decide(story, story.audited());
            settled = log.await(story.job, JobSettled.class);
        }

        // then
        assertThat(settled.burns()).isEmpty();
        assertThat(market.stake(run)).isEqualTo(stake);
    }

    @Test
    void shouldPayTheOthersThoughWhoFellHadRevokedItsKey() {
        // given
        var fallen = market.another(7);
        market.revoke(fallen, 1);
        var story = Story.aJob(market).issued(market.time());

        // when
        JobSettled settled;
        try (var settlement = new Service(market, 2).start()) {
            decide(story, story.auditedAfterTheFallOf(fallen));
            settled = log.await(story.job, JobSettled.class);
        }

        // then
        assertThat(settled.burns()).isEmpty();
        assertPaid(settled);
        assertThat(market.stake(fallen)).isEqualTo(Amount.of(Market.STAKE));
    }

    @Test
    void shouldPayTheOthersThoughTheRevocationIsMinedWhenItPlans() {
        // given
        var fallen = market.another(8);
        var story = Story.aJob(market).issued(market.time() + 60);

        // when
        JobSettled settled;
        try (var settlement = new Service(market, SLOW).start()) {
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
            market.revoke(fallen, 1);
            log.say(new ResultAccepted(story.job, story.auditedAfterTheFallOf(fallen)));
            settled = log.await(story.job, JobSettled.class);
        }

        // then
        assertThat(settled.burns()).isEmpty();
        assertPaid(settled);
    }

    private void decide(Story story, Payable payable) {
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);
        log.say(new ResultAccepted(story.job, payable));
    }

    /** The second attempt its price, and two auditors a segment's. */
    private static void assertPaid(JobSettled settled) {
        var part = Amount.of(Story.PRICE / Story.BORDERS);
        assertThat(settled.payouts()).extracting(Payout::attempt).containsExactly(1, 2, 3);
        assertThat(settled.payouts()).extracting(Payout::amount).containsExactly(Amount.of(Story.PRICE), part, part);
    }
}
