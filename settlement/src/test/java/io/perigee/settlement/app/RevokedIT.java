package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.testing.Owner;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who agrees or audits with a key that it revoked before costs its own pay, and nobody else's. */
class RevokedIT extends OnLiveMarket {
    /** So many blocks a settlement waits, five a second, that it plans before it believes what is mined. */
    private static final int SLOW = 20;

    private int owners = 20;

    @ParameterizedTest
    @ValueSource(ints = {2, SLOW})
    void shouldPayTheOthersWhoAgree(int confirmations) {
        // given
        var revoking = market.another(++owners);
        var story = Story.aJob(market).issued(market.time() + 60);
        var agreed = new Payable(
                Story.BORDERS,
                List.of(
                        story.run(0, revoking, "a"),
                        story.run(1, market.owners.get(1), "a"),
                        story.run(2, market.owners.get(2), "a")),
                List.of());

        // when
        var settled = settled(confirmations, story, agreed, revoking);

        // then
        assertThat(settled.payouts()).extracting(Payout::attempt).containsExactly(1, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, SLOW})
    void shouldPayTheRunAndTheOtherAuditors(int confirmations) {
        // given
        var revoking = market.another(++owners);
        var story = Story.aJob(market).issued(market.time() + 60);
        var run = story.run(0, market.owners.get(0), "a");
        var audited = new Payable(
                Story.BORDERS,
                List.of(run),
                List.of(),
                List.of(
                        story.audit(1, revoking, run),
                        story.audit(2, market.owners.get(1), run),
                        story.audit(3, market.owners.get(2), run)),
                null);

        // when
        var settled = settled(confirmations, story, audited, revoking);

        // then
        assertThat(settled.payouts()).extracting(Payout::attempt).containsExactly(0, 2, 3);
    }

    @Test
    void shouldSettleAtOnceWhenTooFewAuditorsAreLeft() {
        // given
        var revoking = market.another(++owners);
        var story = Story.aJob(market).issued(market.time() + 60);
        var run = story.run(0, market.owners.get(0), "a");
        var audited = new Payable(
                Story.BORDERS,
                List.of(run),
                List.of(),
                List.of(story.audit(1, revoking, run), story.audit(2, market.owners.get(1), run)),
                null);

        // when
        var settled = settled(2, story, audited, revoking);

        // then
        assertThat(settled.payouts()).isEmpty();
        assertThat(settled.refunded()).isEqualTo(story.order.maxPayment());
    }

    private JobSettled settled(int confirmations, Story story, Payable payable, Owner revoking) {
        try (var _ = new Service(market, confirmations).start()) {
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
            market.revoke(revoking, 1);
            log.say(new ResultAccepted(story.job, payable));
            return log.await(story.job, JobSettled.class);
        }
    }
}
