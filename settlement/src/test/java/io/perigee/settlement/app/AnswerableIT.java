package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.eventlog.postgres.Database;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.rest.EpochState;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.testing.Court;
import io.perigee.settlement.testing.EpochMarket;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Owner;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.TestServers;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whatever owners do meanwhile: every line that is in an epoch can be answered for, and every job comes to an end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswerableIT {
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
    void shouldLeaveOutJobsOfWhichAKeyWasRevokedBeforeItWasKnown() {
        // given: the revocation is mined before the second at which its provider is assigned, and after the decision
        var id = town.nextEpoch();
        var revoking = market.another(4);
        var honest = town.story(market.builder, id);
        var run = town.story(market.builder, id).issued(market.time() + 60);
        var audit = town.story(market.builder, id).issued(market.time() + 60);
        decide(honest, honest.agreed());
        decide(run, agreedBy(run, List.of(market.owners.get(0), market.owners.get(1), revoking)));
        decide(audit, auditedBy(audit, List.of(market.owners.get(1), market.owners.get(2), revoking)));

        // when
        market.revoke(revoking, 1);
        town.forwardToPosting(id);
        var posted = log.await(id, EpochState.POSTED);
        town.demandOrder(posted, market.builder.address(), run.orderHash());
        town.demandLine(posted, town.contentOf(honest, honest.agreed()), 0);
        town.awaitAnswers(id, 2);
        town.forwardToFinal(id);
        town.forwardToDecided(id);
        log.await(honest.job, JobSettled.class);
        town.forwardToDirect(run);
        log.await(run.job, CreditsReserved.class);
        log.await(audit.job, CreditsReserved.class);
        town.forwardToMaturity();

        // then
        assertThat(posted.count()).isEqualTo(2);
        for (var story : List.of(run, audit)) {
            assertThat(log.await(story.job, EpochLeft.class).reason()).isEqualTo("a key of its evidence was revoked");
        }
        assertThat(log.await(run.job, JobSettled.class).payouts())
                .extracting(Payout::attempt)
                .containsExactly(0, 1);
        assertThat(log.await(audit.job, JobSettled.class).payouts())
                .extracting(Payout::attempt)
                .containsExactly(0, 1, 2);
    }

    @Test
    void shouldAnswerForTheOthersWhenOneWasCondemnedBefore() {
        // given
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        fund(story);
        condemnFirst(story);
        var three = agreedBy(story, market.owners);
        log.say(new ResultAccepted(story.job, three));
        log.await(story.job, EpochJoined.class);

        // when
        town.forwardToPosting(id);
        var posted = log.await(id, EpochState.POSTED);
        var others = three.by(three.winners().subList(1, 3));
        town.demandLine(posted, town.contentOf(story, others), 0);
        town.awaitAnswers(id, 1);
        town.forwardToFinal(id);
        town.forwardToDecided(id);
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(settled.payouts()).extracting(Payout::attempt).containsExactly(1, 2);
    }

    @Test
    void shouldAnswerForARunThatIsCondemnedInItsEpoch() {
        // given
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        decide(story, story.agreed());
        condemnFirst(story);

        // when
        town.forwardToPosting(id);
        var posted = log.await(id, EpochState.POSTED);
        town.demandLine(posted, town.contentOf(story, story.agreed()), 1);
        town.awaitAnswers(id, 1);
        town.forwardToFinal(id);
        town.forwardToDecided(id);
        log.await(story.job, JobSettled.class);

        // then
        assertThat(posted.count()).isEqualTo(2);
    }

    @Test
    void shouldSettleAtOnceWhatTooFewAreLeftFor() {
        // given
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        fund(story);
        condemnFirst(story);

        // when
        log.say(new ResultAccepted(story.job, story.agreed()));
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(settled.payouts()).isEmpty();
        assertThat(settled.refunded()).isEqualTo(story.order.maxPayment());
        assertThat(log.all(story.job, EpochJoined.class)).isEmpty();
    }

    @Test
    void shouldPutNothingIntoAnEpochThatNoQuorumStandsBehind() {
        // given
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        fund(story);

        // when
        log.say(new ResultAccepted(story.job, agreedBy(story, List.of(market.owners.getFirst()))));
        var left = log.await(story.job, EpochLeft.class);

        // then
        assertThat(left.reason()).isEqualTo("fewer agree than the order's quorum");
    }

    @Test
    void shouldSettleAtOnceWhatPaysNobody() {
        // given
        var story = town.story(market.builder, town.nextEpoch());
        fund(story);

        // when
        log.say(new ResultAccepted(story.job, story.agreedForNothing()));
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(settled.payouts()).isEmpty();
        assertThat(settled.refunded()).isEqualTo(story.order.maxPayment());
    }

    @Test
    void shouldLeaveOutAJobThatHasNoLine() {
        // given: as an older version left one
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        decide(story, story.agreed());
        try (var database = new Database(own.settings().databaseSettings())) {
            database.transact(tx -> tx.execute("DELETE FROM payout_line WHERE job_id = $1", story.job.value()));
        }

        // when
        town.forwardToPosting(id);
        var left = log.await(story.job, EpochLeft.class);

        // then
        assertThat(left.reason()).isEqualTo("it has no line");
    }

    @Test
    void shouldAnswerForAnEpochOfMoreLinesThanItWouldTakeNow() {
        // given
        var id = town.nextEpoch();
        var story = town.story(market.builder, id);
        decide(story, story.agreed());
        town.forwardToPosting(id);
        var posted = log.await(id, EpochState.POSTED);
        settlement.close();
        settlement = own.with("perigee.settlement.epoch-lines", "1").start();

        // when
        try {
            town.demandLine(posted, town.contentOf(story, story.agreed()), 1);
            town.awaitAnswers(id, 1);
        } finally {
            settlement.close();
            settlement = own.with("perigee.settlement.epoch-lines", "100000").start();
        }

        // then
        assertThat(market.answered(id)).isEqualTo(1);
    }

    /** The first owner signed two answers; waits until that is believed. */
    private void condemnFirst(Story story) {
        var liar = market.owners.getFirst();
        Court.condemn(market, story, story.run(0, liar, "a"), story.run(0, liar, "b"));
        town.awaitBalancedBooks(settlement);
    }

    private static Payable agreedBy(Story story, List<Owner> owners) {
        var runs = IntStream.range(0, owners.size())
                .mapToObj(i -> story.run(i, owners.get(i), "a"))
                .toList();
        return new Payable(Story.BORDERS, runs, List.of());
    }

    private Payable auditedBy(Story story, List<Owner> auditors) {
        var run = story.run(0, market.owners.getFirst(), "a");
        var audits = IntStream.range(0, auditors.size())
                .mapToObj(i -> story.audit(i + 1, auditors.get(i), run))
                .toList();
        return new Payable(Story.BORDERS, List.of(run), List.of(), audits, null);
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
