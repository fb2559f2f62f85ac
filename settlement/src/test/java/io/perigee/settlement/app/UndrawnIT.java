package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.EpochState;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.ethereum.ReleaseCalls;
import io.perigee.settlement.reservation.Allotments;
import io.perigee.settlement.testing.EpochMarket;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Owner;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A builder that pays a friend by an ended job's assignment takes nothing from those who work for its next one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UndrawnIT {
    private static final Amount PRICE = Amount.of(Story.PRICE);

    private EpochMarket town;
    private Market market;
    private JobLog log;
    private Service own;
    private Settlement settlement;
    private Database database;

    @BeforeAll
    void open() {
        town = EpochMarket.live();
        market = town.market;
        log = new JobLog(TestServers.broker().bootstrap());
    }

    @AfterAll
    void close() {
        log.close();
        town.close();
    }

    @BeforeEach
    void start() {
        own = new Service(market, 2);
        settlement = own.start();
        database = new Database(own.settings().databaseSettings());
        town.awaitBalancedBooks(settlement);
    }

    @AfterEach
    void stop() {
        town.awaitBalancedBooks(settlement);
        database.close();
        settlement.close();
    }

    @Test
    void shouldKeepReservedWhatAnAssignmentCanStillDraw() {
        // given
        var story = Story.aJob(market);
        var friend = market.owners.get(2);
        fund(story);
        var before = standing().total();

        // when
        log.say(story.assigned(0, friend));
        log.say(new JobCancelled(story.job, "builder", Payable.nothing()));
        var settled = log.await(story.job, JobSettled.class);
        var kept = standing();
        release(story, 0, friend);
        awaitTotal(before.minus(PRICE));

        // then
        assertThat(settled.refunded()).isEqualTo(story.order.maxPayment());
        assertThat(kept.reserved()).isEqualTo(PRICE);
        assertThat(standing().reserved()).isEqualTo(Amount.ZERO);
    }

    @Test
    void shouldKeepNoMoreThanTheOrderMayCost() {
        // given
        var story = Story.costing(market, Story.PRICE);
        fund(story);

        // when
        log.say(story.assigned(0, market.owners.get(0)));
        log.say(story.assigned(1, market.owners.get(1)));
        log.say(new JobCancelled(story.job, "builder", Payable.nothing()));
        log.await(story.job, JobSettled.class);

        // then
        assertThat(standing().reserved()).isEqualTo(PRICE);
    }

    @Test
    void shouldPromiseItAgainOnceTheContractTakesNothingMoreForIt() {
        // given
        var story = Story.aJob(market);
        fund(story);
        log.say(story.assigned(0, market.owners.get(2)));
        log.say(new JobCancelled(story.job, "builder", Payable.nothing()));
        log.await(story.job, JobSettled.class);
        long all = standing().total().value().longValueExact();

        // when
        var early = Story.costing(market, all);
        log.say(early.submitted());
        log.await(early.job, FundingRefused.class);
        market.forwardTo(story.order.deadline() + 6 * market.window.toSeconds() + 1);
        Await.until(
                JobLog.PATIENCE,
                () -> standing().reserved().isZero(),
                () -> "Expected nothing to be kept, but got " + standing());
        var late = Story.costing(market, all);
        log.say(late.submitted());
        var funded = log.await(late.job, JobFunded.class);

        // then
        assertThat(funded.reserved()).isEqualTo(Amount.of(all));
    }

    @Test
    void shouldKeepNothingWhenEveryAssignmentWasPaid() {
        // given
        var story = Story.aJob(market);
        fund(story);
        log.say(story.assigned(0, market.owners.get(0)));
        log.say(story.assigned(1, market.owners.get(1)));

        // when
        log.say(new ResultAccepted(story.job, story.agreed()));
        Await.until(
                JobLog.PATIENCE,
                () -> !market.spent(story.orderHash()).isZero(),
                () -> "Expected the evidence to be shown");
        town.forwardToMaturity();
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(settled.payouts()).hasSize(2);
        assertThat(standing().reserved()).isEqualTo(Amount.ZERO);
    }

    @Test
    void shouldKeepWhatItsEpochDidNotPayAndNoMoreOnceThatIsCarried() {
        // given
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        var friend = market.owners.get(2);
        fund(story);
        log.say(story.assigned(0, market.owners.get(0)));
        log.say(story.assigned(1, market.owners.get(1)));
        log.say(story.assigned(2, friend));
        log.say(new ResultAccepted(story.job, story.agreed()));
        log.await(story.job, EpochJoined.class);

        // when
        town.forwardToPosting(id);
        log.await(id, EpochState.POSTED);
        town.forwardToFinal(id);
        var settled = log.await(story.job, JobSettled.class);
        var kept = standing();
        town.carry(story, List.of(story));
        town.awaitBalancedBooks(settlement);
        var carried = standing();
        release(story, 2, friend);
        awaitTotal(kept.total().minus(PRICE));

        // then
        assertThat(settled.refunded()).isEqualTo(PRICE);
        assertThat(kept.reserved()).isEqualTo(PRICE);
        assertThat(carried).isEqualTo(new Allotments.Standing(kept.total(), PRICE, carried.block()));
        assertThat(standing().reserved()).isEqualTo(Amount.ZERO);
    }

    private void fund(Story story) {
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);
    }

    private Allotments.Standing standing() {
        var key = new Allotments.Key(market.builder.address(), market.hub.address(), market.token());
        return database.inTransaction(tx -> Allotments.lock(tx, key));
    }

    private void awaitTotal(Amount total) {
        Await.until(
                JobLog.PATIENCE, () -> standing().total().equals(total), () -> "Expected an allotment of %s, but got %s"
                        .formatted(total, standing()));
    }

    private void release(Story story, int attempt, Owner owner) {
        var assignment = story.assignment(attempt, owner);
        var assignmentHash = assignment.digest(market.domain);
        Market.ask(() -> ReleaseCalls.byTheBuilder(
                        market.escrow(market.builder),
                        story.order,
                        story.orderHash().bytes(),
                        assignment,
                        assignmentHash.bytes(),
                        market.hub.sign(assignmentHash),
                        owner.address(),
                        Story.PRICE)
                .send());
    }
}
