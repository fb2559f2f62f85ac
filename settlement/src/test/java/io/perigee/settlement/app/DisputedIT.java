package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A court looks at one run of a job when its credits are due. */
class DisputedIT {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    @Test
    void shouldCollectForTheOthersAtOnceAndForTheAccusedWhenTheCourtIsDone() {
        try (var market = Market.live(WINDOW, Market.MAX_ORDER);
                var log = new JobLog(TestServers.broker().bootstrap());
                var _ = new Service(market, 2).start()) {
            // given
            var story = Story.aJob(market);
            var accused = market.owners.get(0);
            var other = market.owners.get(1);
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
            log.say(new ResultAccepted(story.job, story.agreed()));
            log.await(story.job, CreditsReserved.class);
            var before = market.balance(other.address());
            var waiting = market.balance(accused.address());

            // when: the chain's time is believed sooner than a court's case
            freeze(market, story.assignment(0, accused).digest(market.domain), true);
            market.forwardTo(market.time() + WINDOW.toSeconds() + 2);
            Await.until(
                    JobLog.PATIENCE,
                    () -> market.balance(other.address()).equals(before.plus(Amount.of(Story.PRICE))),
                    () -> "Expected whom nobody accuses to be paid, but it has " + market.balance(other.address()));
            var meanwhile = market.balance(accused.address());
            var settledMeanwhile = log.all(story.job, JobSettled.class);
            freeze(market, story.assignment(0, accused).digest(market.domain), false);
            market.forwardTo(market.time() + WINDOW.toSeconds());
            var settled = log.await(story.job, JobSettled.class);

            // then
            assertThat(meanwhile).isEqualTo(waiting);
            assertThat(settledMeanwhile).isEmpty();
            assertThat(settled.payouts())
                    .containsExactly(
                            new Payout(0, accused.address(), accused.address(), Amount.of(Story.PRICE)),
                            new Payout(1, other.address(), other.address(), Amount.of(Story.PRICE)));
            assertThat(market.balance(accused.address())).isEqualTo(waiting.plus(Amount.of(Story.PRICE)));
        }
    }

    @Test
    void shouldCollectForTheOtherWhenTheTokenRefusesOnesPayee() {
        try (var market = Market.live(WINDOW, Market.MAX_ORDER);
                var log = new JobLog(TestServers.broker().bootstrap());
                var _ = new Service(market, 2).start()) {
            // given
            var story = Story.aJob(market);
            var refused = market.owners.get(0);
            var other = market.owners.get(1);
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
            log.say(new ResultAccepted(story.job, story.agreed()));
            var matures =
                    log.await(story.job, CreditsReserved.class).maturesAt().getEpochSecond();
            var before = market.balance(other.address());
            market.refuseTransfersTo(refused.address());

            // when
            market.forwardTo(matures + 1);
            Await.until(
                    JobLog.PATIENCE,
                    () -> market.balance(other.address()).equals(before.plus(Amount.of(Story.PRICE))),
                    () -> "Expected whom the token takes to be paid, but it has " + market.balance(other.address()));
            var settledMeanwhile = log.all(story.job, JobSettled.class);
            market.forwardTo(matures + 6 * WINDOW.toSeconds() + 1);
            var settled = log.await(story.job, JobSettled.class);

            // then
            assertThat(settledMeanwhile).isEmpty();
            assertThat(settled.payouts()).extracting(Payout::attempt).containsExactly(0, 1);
            assertThat(settled.refunded()).isEqualTo(Amount.of(Story.PRICE));
        }
    }

    @Test
    void shouldEndThoughTheTokenRefusesEveryPayee() {
        try (var market = Market.live(WINDOW, Market.MAX_ORDER);
                var log = new JobLog(TestServers.broker().bootstrap());
                var _ = new Service(market, 2).start()) {
            // given
            var story = Story.aJob(market);
            var refused = Market.key("whom the token pays nothing").address();
            market.setPayee(market.owners.get(0), refused);
            market.setPayee(market.owners.get(1), refused);
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
            log.say(new ResultAccepted(story.job, story.agreed()));
            var matures =
                    log.await(story.job, CreditsReserved.class).maturesAt().getEpochSecond();
            market.refuseTransfersTo(refused);

            // when
            market.forwardTo(matures + 6 * WINDOW.toSeconds() + 1);
            var settled = log.await(story.job, JobSettled.class);

            // then
            assertThat(settled.payouts()).extracting(Payout::attempt).containsExactly(0, 1);
            assertThat(settled.refunded()).isEqualTo(Amount.of(Story.PRICE));
        }
    }

    /** In the court's name: that a case does this is the contracts' own test. */
    private static void freeze(Market market, Digest assignmentHash, boolean yes) {
        var court = Market.ask(() -> market.escrow(market.builder).court().send());
        market.anvil.call("anvil_impersonateAccount", court);
        market.anvil.call("anvil_setBalance", court, "0xde0b6b3a7640000");
        var data = market.escrow(market.builder)
                .freeze(assignmentHash.bytes(), yes)
                .encodeFunctionCall();
        market.anvil.call(
                "eth_sendTransaction",
                Map.of("from", court, "to", market.escrowAddress().value(), "gas", "0x30d40", "data", data));
        market.mine(1);
    }
}
