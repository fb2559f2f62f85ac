package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Amount;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.TestServers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The process dies as by kill -9 at one place after the other, and is started again each time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SettlementCrashIT {
    private static final List<String> PLACES = List.of(
            "settlement.after-sign",
            "settlement.after-broadcast",
            "settlement.before-receipt",
            "settlement.before-confirmed",
            "settlement.before-cursor@2",
            "settlement.before-settled");

    private Market market;
    private JobLog log;

    @BeforeAll
    void start() {
        market = Market.live();
        log = new JobLog(TestServers.broker().bootstrap());
    }

    @AfterAll
    void stop() {
        log.close();
        market.close();
    }

    @Test
    void shouldSettleOnceThoughItIsKilledAtEveryStep() {
        // given
        var service = new Service(market, 2);
        var story = Story.aJob(market);
        var owner = market.owners.getFirst().address();
        var before = market.balance(owner);
        long nonces = market.minedCount(market.payer);
        log.say(story.submitted());
        try (var first = service.start()) {
            log.await(story.job, JobFunded.class);
        }
        log.say(new ResultAccepted(story.job, story.agreed()));

        // when
        for (var place : PLACES) {
            var process = service.startCrashingAt(place);
            assertThat(process.awaitEnd(JobLog.PATIENCE))
                    .as(place + "\n" + process.logTail(40))
                    .isTrue();
            assertThat(process.exitStatus())
                    .as(place + "\n" + process.logTail(40))
                    .isEqualTo(137);
        }
        JobSettled settled;
        try (var last = service.start()) {
            settled = log.await(story.job, JobSettled.class);
        }

        // then
        assertThat(settled.payouts()).hasSize(2);
        assertThat(market.balance(owner)).isEqualTo(before.plus(Amount.of(Story.PRICE)));
        assertThat(market.spent(story.orderHash())).isEqualTo(Amount.of(2 * Story.PRICE));
        assertThat(market.minedCount(market.payer)).isEqualTo(nonces + 2);
        assertThat(log.all(story.job, JobFunded.class)).hasSize(1);
        assertThat(log.all(story.job, SettlementSent.class)).hasSize(2);
        assertThat(log.all(story.job, CreditsReserved.class)).hasSize(1);
        assertThat(log.all(story.job, JobSettled.class)).hasSize(1);
    }

    @Test
    void shouldStaySmallWhileItPaysAndEndWhenToldTo() {
        // given
        var process = new Service(market, 2).startCrashingAt("");
        var story = Story.aJob(market);
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);
        log.say(new ResultAccepted(story.job, story.agreed()));
        log.await(story.job, JobSettled.class);
        long resident = process.residentBytes();

        // when
        process.stop(Duration.ofSeconds(15));

        // then
        System.out.println("settlement resident: " + resident / 1_000_000 + " MB");
        assertThat(resident).isLessThan(170_000_000);
        assertThat(process.exitStatus()).as(process.logTail(20)).isEqualTo(143);
    }
}
