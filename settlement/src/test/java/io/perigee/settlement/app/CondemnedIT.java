package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.testing.Court;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a court takes back from a condemned run is neither waited for nor asked for again. */
class CondemnedIT {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** So many blocks a settlement waits, five a second, that it plans before it believes what is mined. */
    private static final int SLOW = 20;

    @Test
    void shouldSettleAJobOfWhichACreditWasTakenBack() {
        try (var market = Market.live(WINDOW, Market.MAX_ORDER);
                var log = new JobLog(TestServers.broker().bootstrap());
                var settlement = new Service(market, 2).start()) {
            // given: both credits are reserved
            var story = Story.aJob(market);
            var liar = market.owners.get(0);
            var honest = market.owners.get(1);
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
            log.say(new ResultAccepted(story.job, story.agreed()));
            log.await(story.job, CreditsReserved.class);

            // when: the first turns out to have signed two answers, and the credits mature
            Court.condemn(market, story, story.run(0, liar, "a"), story.run(0, liar, "b"));
            market.forwardTo(market.time() + WINDOW.toSeconds() + 2);
            var settled = log.await(story.job, JobSettled.class);
            long sent = market.minedCount(market.payer);

            // then
            assertThat(settled.payouts())
                    .containsExactly(
                            new Payout(0, liar.address(), liar.address(), Amount.ZERO),
                            new Payout(1, honest.address(), honest.address(), Amount.of(Story.PRICE)));
            assertThat(sent).isEqualTo(2);
            long height = market.height();
            Await.until(
                    JobLog.PATIENCE,
                    () -> settlement
                            .vitals()
                            .ledger()
                            .filter(report -> report.block() >= height && report.balanced())
                            .isPresent(),
                    () -> "Expected balanced books, but got "
                            + settlement.vitals().ledger());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, SLOW})
    void shouldPayTheOthersWhenOneIsCondemnedBeforeAnythingIsShown(int confirmations) {
        try (var market = Market.live(WINDOW, Market.MAX_ORDER);
                var log = new JobLog(TestServers.broker().bootstrap());
                var _ = new Service(market, confirmations).start()) {
            // given: three agree
            var story = Story.aJob(market);
            var liar = market.owners.get(0);
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
            var runs = IntStream.range(0, 3)
                    .mapToObj(i -> story.run(i, market.owners.get(i), "a"))
                    .toList();

            // when: one of them signed another answer as well
            Court.condemn(market, story, runs.getFirst(), story.run(0, liar, "b"));
            log.say(new ResultAccepted(story.job, new Payable(Story.BORDERS, runs, List.of())));
            var reserved = log.await(story.job, CreditsReserved.class);
            market.forwardTo(reserved.maturesAt().getEpochSecond() + 1);
            var settled = log.await(story.job, JobSettled.class);

            // then
            assertThat(settled.payouts()).extracting(Payout::attempt).containsExactly(1, 2);
            assertThat(settled.payouts()).extracting(Payout::amount).containsOnly(Amount.of(Story.PRICE));
        }
    }

    @Test
    void shouldSettleAtOnceWhenTheOnlyRunIsCondemned() {
        try (var market = Market.live(WINDOW, Market.MAX_ORDER);
                var log = new JobLog(TestServers.broker().bootstrap());
                var _ = new Service(market, SLOW).start()) {
            // given
            var story = Story.aJob(market);
            var audited = story.audited();
            var liar = market.owners.getFirst();
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);

            // when
            Court.condemn(market, story, audited.winners().getFirst(), story.run(0, liar, "b"));
            log.say(new ResultAccepted(story.job, audited));
            var settled = log.await(story.job, JobSettled.class);

            // then
            assertThat(settled.payouts()).isEmpty();
            assertThat(settled.refunded()).isEqualTo(story.order.maxPayment());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, SLOW})
    void shouldSettleAtOnceWhenTooFewAreLeftForTheQuorum(int confirmations) {
        try (var market = Market.live(WINDOW, Market.MAX_ORDER);
                var log = new JobLog(TestServers.broker().bootstrap());
                var _ = new Service(market, confirmations).start()) {
            // given: two agree, as the order asks
            var story = Story.aJob(market);
            var liar = market.owners.getFirst();
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);

            // when
            Court.condemn(market, story, story.run(0, liar, "a"), story.run(0, liar, "b"));
            log.say(new ResultAccepted(story.job, story.agreed()));
            var settled = log.await(story.job, JobSettled.class);

            // then
            assertThat(settled.payouts()).isEmpty();
            assertThat(settled.refunded()).isEqualTo(story.order.maxPayment());
        }
    }

    @Test
    void shouldPayWhoIsLeftWhereTheAnswerStoodBeforeTheOtherWasCondemned() {
        try (var market = Market.live(WINDOW, Market.MAX_ORDER);
                var log = new JobLog(TestServers.broker().bootstrap());
                var _ = new Service(market, 2).start()) {
            // given: somebody showed the first two, and the third is still to be paid
            var story = Story.aJob(market);
            var liar = market.owners.getFirst();
            var late = new Payable(
                    Story.BORDERS,
                    List.of(story.run(0, liar, "a"), story.run(2, market.owners.get(2), "a")),
                    List.of());
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
            market.direct(story, story.agreed());

            // when
            Court.condemn(market, story, story.run(0, liar, "a"), story.run(0, liar, "b"));
            log.say(new ResultAccepted(story.job, late));
            var reserved = log.await(story.job, CreditsReserved.class);
            market.forwardTo(reserved.maturesAt().getEpochSecond() + 1);
            var settled = log.await(story.job, JobSettled.class);

            // then
            assertThat(market.spent(story.orderHash())).isEqualTo(Amount.of(3 * Story.PRICE));
            assertThat(settled.refunded()).isEqualTo(Amount.ZERO);
        }
    }
}
