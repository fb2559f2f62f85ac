package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Amount;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.signer.SignerServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The process dies as by kill -9 at one place after the other, and is started again each time. */
class SettlementCrashIT extends OnLiveMarket {
    private static final List<String> PLACES = List.of(
            "settlement.after-sign",
            "settlement.after-broadcast",
            "settlement.before-receipt",
            "settlement.before-confirmed",
            "settlement.before-cursor@2",
            "settlement.before-settled");
    /** Where a second signature of the same transaction would be made, or another one be sent. */
    private static final List<String> PLACES_OF_SIGNING =
            List.of("settlement.before-stored", "settlement.after-sign", "settlement.after-broadcast");

    @Test
    void shouldSettleOnceThoughItIsKilledAtEveryStep() {
        settlesOnce(new Service(market, 2), PLACES);
    }

    @Test
    void shouldSettleOnceThoughItsSignerNeverSignsTheSameWayTwice() {
        var service = new Service(market, 2);
        try (var signer = service.withSigner()) {
            signer.manner(SignerServer.Manner.FRESH);
            settlesOnce(service, PLACES_OF_SIGNING);

            // the one that was signed and not stored was never sent
            assertThat(signer.signed()).isGreaterThan(2);
        }
    }

    private void settlesOnce(Service service, List<String> places) {
        // given
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
        places.forEach(service::crashAt);
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
        var process = new Service(market, 2).startProcess("");
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
