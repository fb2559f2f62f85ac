package io.perigee.settlement.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.settlement.testing.JobLog;
import io.perigee.settlement.testing.Market;
import io.perigee.settlement.testing.Service;
import io.perigee.settlement.testing.Story;
import io.perigee.testkit.TestServers;
import io.perigee.testkit.process.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Stage 5 from fact to fact, on a real chain, database and broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SettlementIT {
    private Market market;
    private JobLog log;
    private Service own;
    private Settlement settlement;

    @BeforeAll
    void start() {
        market = Market.live();
        log = new JobLog(TestServers.broker().bootstrap());
        own = new Service(market, 2);
        settlement = own.start();
    }

    @AfterAll
    void stop() {
        settlement.close();
        log.close();
        market.close();
    }

    @Test
    void shouldFundPayAndSettleAnAcceptedJob() {
        // given
        var story = Story.aJob(market);
        var first = market.owners.get(0);
        var second = market.owners.get(1);
        var elsewhere = Market.key("payee of the second").address();
        market.setPayee(second, elsewhere);
        var allotted = market.allotment();
        var before = market.balance(first.address());
        var beforeElsewhere = market.balance(elsewhere);

        // when
        log.say(story.submitted());
        var funded = log.await(story.job, JobFunded.class);
        log.say(new ResultAccepted(story.job, story.agreed()));
        var settled = log.await(story.job, JobSettled.class);

        // then
        var price = Amount.of(Story.PRICE);
        assertThat(funded.reserved()).isEqualTo(Amount.of(3 * Story.PRICE));
        assertThat(settled.payouts())
                .containsExactly(
                        new Payout(0, first.address(), first.address(), price),
                        new Payout(1, second.address(), elsewhere, price));
        assertThat(settled.refunded()).isEqualTo(price);
        assertThat(settled.burns()).isEmpty();
        assertThat(settled.txHashes()).hasSize(2);
        assertThat(settled.gasUsed()).isBetween(100_000L, 2_000_000L);
        assertThat(market.balance(first.address())).isEqualTo(before.plus(price));
        assertThat(market.balance(elsewhere)).isEqualTo(beforeElsewhere.plus(price));
        assertThat(market.allotment()).isEqualTo(allotted.minus(price.times(2)));
        assertThat(log.of(story.job).stream().map(fact -> fact.getClass().getSimpleName()))
                .containsExactly("JobFunded", "SettlementSent", "CreditsReserved", "SettlementSent", "JobSettled");
        var reserved = log.await(story.job, CreditsReserved.class);
        assertThat(reserved.txHash()).isEqualTo(settled.txHashes().getFirst());
        assertThat(reserved.payouts()).hasSize(2);
        assertThat(log.all(story.job, SettlementSent.class).stream().map(SettlementSent::purpose))
                .containsExactly("direct:" + story.job, "collect:" + story.job);
        market.setPayee(second, second.address());
    }

    @Test
    void shouldPayOnceWhenEverythingIsSaidAgain() {
        // given
        var story = Story.aJob(market);
        var owner = market.owners.get(0).address();
        var before = market.balance(owner);
        var submitted = log.say(story.submitted());
        log.await(story.job, JobFunded.class);

        // when
        var accepted = log.say(new ResultAccepted(story.job, story.agreed()));
        log.repeat(submitted);
        log.repeat(accepted);
        log.say(story.submitted());
        log.say(new ResultAccepted(story.job, story.agreed()));
        log.await(story.job, JobSettled.class);
        log.repeat(accepted);
        var after = Story.aJob(market);
        log.say(after.submitted());
        log.await(after.job, JobFunded.class);

        // then
        assertThat(market.balance(owner)).isEqualTo(before.plus(Amount.of(Story.PRICE)));
        assertThat(market.spent(story.orderHash())).isEqualTo(Amount.of(2 * Story.PRICE));
        assertThat(log.all(story.job, JobFunded.class)).hasSize(1);
        assertThat(log.all(story.job, CreditsReserved.class)).hasSize(1);
        assertThat(log.all(story.job, JobSettled.class)).hasSize(1);
        log.say(new JobFailed(after.job, Cause.QUEUE_DEADLINE, "nobody", Payable.nothing()));
    }

    @Test
    void shouldPayOneRunAndTheAuditorsWhoSignedForIt() {
        // given
        var story = Story.aJob(market);
        var owners = market.owners.subList(0, 3);
        var before = owners.stream().map(owner -> market.balance(owner.address())).toList();
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);

        // when
        log.say(new ResultAccepted(story.job, story.audited()));
        var settled = log.await(story.job, JobSettled.class);

        // then
        var price = Amount.of(Story.PRICE);
        var part = Amount.of(Story.PRICE / Story.BORDERS);
        assertThat(settled.payouts())
                .containsExactly(
                        new Payout(0, owners.get(0).address(), owners.get(0).address(), price),
                        new Payout(1, owners.get(1).address(), owners.get(1).address(), part),
                        new Payout(2, owners.get(2).address(), owners.get(2).address(), part));
        assertThat(settled.refunded())
                .isEqualTo(story.order.maxPayment().minus(price).minus(part).minus(part));
        assertThat(market.balance(owners.get(0).address())).isEqualTo(before.get(0).plus(price));
        assertThat(market.balance(owners.get(1).address())).isEqualTo(before.get(1).plus(part));
        assertThat(market.balance(owners.get(2).address())).isEqualTo(before.get(2).plus(part));
    }

    @Test
    void shouldPayNobodyOnAVerdictUponAnotherRun() {
        // given
        var story = Story.aJob(market);
        var run = story.run(0, market.owners.get(0), "a");
        var other = story.run(0, market.owners.get(0), "forged");
        var good = story.audit(1, market.owners.get(1), run);
        var moved = story.audit(2, market.owners.get(2), other);
        var shown = new AuditEvidence(moved.run(), good.verdict(), moved.signature());
        var payable = new Payable(Story.BORDERS, List.of(run), List.of(), List.of(good, shown), null);

        // when
        catchThrowable(() -> market.direct(story, payable));

        // then only the verdict was wrong: with a good one the same evidence pays
        assertThat(market.spent(story.orderHash()).isZero()).isTrue();
        market.direct(story, story.audited());
        assertThat(market.spent(story.orderHash()))
                .isEqualTo(Amount.of(Story.PRICE + 2 * Story.PRICE / Story.BORDERS));
    }

    @Test
    void shouldBurnTheBondOfWhoContradicts() {
        // given
        var story = Story.aJob(market);
        var cheater = market.owners.get(1);
        var stake = market.stake(cheater);
        var before = market.balance(cheater.address());
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);

        // when
        log.say(new ResultAccepted(story.job, story.disputed()));
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(settled.burns()).containsExactly(new Burn(1, cheater.address(), Amount.of(Story.BOND)));
        assertThat(settled.payouts().stream().map(Payout::attempt)).containsExactly(0, 2);
        assertThat(market.stake(cheater)).isEqualTo(stake.minus(Amount.of(Story.BOND)));
        assertThat(market.balance(cheater.address())).isEqualTo(before);
    }

    @Test
    void shouldPayOnlyTheVerifiedPartOfACancelledJob() {
        // given
        var story = Story.aJob(market);
        int border = Story.BORDERS / 4;
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);
        var half = new Payable(
                border,
                List.of(
                        story.run(0, market.owners.get(0), "a", border),
                        story.run(1, market.owners.get(2), "a", border)),
                List.of());

        // when
        log.say(new JobCancelled(story.job, market.builder.address().value(), half));
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(settled.payouts())
                .allSatisfy(payout -> assertThat(payout.amount()).isEqualTo(Amount.of(Story.PRICE / 4)));
        assertThat(settled.refunded()).isEqualTo(Amount.of(3 * Story.PRICE - Story.PRICE / 2));
    }

    @Test
    void shouldRefundWholeWithoutATransactionWhenNothingIsOwed() {
        // given
        var story = Story.aJob(market);
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);

        // when
        log.say(new JobFailed(story.job, Cause.BAD_DATA, "exit 65", Payable.nothing()));
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(settled.refunded()).isEqualTo(Amount.of(3 * Story.PRICE));
        assertThat(settled.txHashes()).isEmpty();
        assertThat(log.all(story.job, SettlementSent.class)).isEmpty();
    }

    @Test
    void shouldRefuseWhatTheAllotmentDoesNotCover() {
        // given
        var story = Story.costing(market, Market.ALLOTTED + 1);

        // when
        log.say(story.submitted());
        var refused = log.await(story.job, FundingRefused.class);

        // then
        assertThat(refused.code()).isEqualTo(ErrorCode.ALLOTMENT_TOO_SMALL);
        assertThat(refused.detail()).startsWith("Expected to reserve");
        assertThat(log.all(story.job, JobFunded.class)).isEmpty();
    }

    @Test
    void shouldNotPromiseOneUnitTwice() {
        // given
        long most = market.allotment().value().longValueExact();
        var first = Story.costing(market, most - Story.PRICE);
        var second = Story.costing(market, 3 * Story.PRICE);

        // when
        log.say(first.submitted());
        log.await(first.job, JobFunded.class);
        log.say(second.submitted());
        var refused = log.await(second.job, FundingRefused.class);
        log.say(new JobFailed(first.job, Cause.QUEUE_DEADLINE, "nobody", Payable.nothing()));
        log.await(first.job, JobSettled.class);
        var third = Story.costing(market, 3 * Story.PRICE);
        log.say(third.submitted());
        log.await(third.job, JobFunded.class);

        // then
        assertThat(refused.code()).isEqualTo(ErrorCode.ALLOTMENT_TOO_SMALL);
        log.say(new JobFailed(third.job, Cause.QUEUE_DEADLINE, "nobody", Payable.nothing()));
        log.await(third.job, JobSettled.class);
    }

    @Test
    void shouldWaitForAnAllotmentThatIsNotConfirmedYet() {
        // given
        var story = Story.costing(market, market.allotment().value().longValueExact() + 5_000_000);

        // when
        market.allot(6_000_000);
        log.say(story.submitted());
        var funded = log.await(story.job, JobFunded.class);

        // then
        assertThat(funded.reserved()).isEqualTo(story.order.maxPayment());
        log.say(new JobFailed(story.job, Cause.QUEUE_DEADLINE, "nobody", Payable.nothing()));
        log.await(story.job, JobSettled.class);
    }

    @Test
    void shouldRefuseAnOrderInAnotherToken() {
        // given
        var plain = Story.aJob(market);
        var o = plain.order;
        var story = plain.with(new JobOrder(
                o.builder(),
                o.hub(),
                o.jobId(),
                o.specHash(),
                Address.parse("0x" + "77".repeat(20)),
                o.maxPayment(),
                o.segments(),
                o.quorum(),
                o.direct(),
                o.validAfter(),
                o.deadline()));

        // when
        log.say(story.submitted());
        var refused = log.await(story.job, FundingRefused.class);

        // then
        assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED);
    }

    @Test
    void shouldSettleWhenSomebodyElseShowedTheEvidenceFirst() {
        // given
        var story = Story.aJob(market);
        log.say(story.submitted());
        log.await(story.job, JobFunded.class);
        market.direct(story, story.agreed());

        // when
        log.say(new ResultAccepted(story.job, story.agreed()));
        var settled = log.await(story.job, JobSettled.class);

        // then
        assertThat(settled.payouts()).hasSize(2);
        assertThat(market.spent(story.orderHash())).isEqualTo(Amount.of(2 * Story.PRICE));
    }

    @Test
    void shouldShowHealthMetricsAndBalancedBooks() throws Exception {
        // given
        Await.until(
                JobLog.PATIENCE,
                () -> settlement
                        .vitals()
                        .ledger()
                        .filter(report -> report.compared() > 5)
                        .isPresent(),
                () -> "Expected a ledger report");

        // when
        var ready = get("/health/ready");
        var metrics = get("/metrics");

        // then
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
        assertThat(metrics.body())
                .contains("perigee_settlement_ledger_differences 0.0")
                .contains("perigee_settlement_chain_head");
        assertThat(settlement.vitals().ledger().orElseThrow().differences()).isEmpty();
    }

    @Test
    void shouldRefuseToStartWhenASettingContradictsTheChain() {
        // given
        var service = new Service(market, 2).with("perigee.chain.window", "24h");

        // when + then
        assertThatThrownBy(service::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected perigee.chain.window to be what the chain says, PT1S, but it is PT24H");
    }

    @Test
    void shouldEndAParkedPurposeAndItsJobWhenAnOperatorGivesItUp() {
        // given
        var service = new Service(market, 2).with("perigee.settlement.park-first", "5m");
        var story = Story.aJob(market);
        var broken = new Payable(Story.BORDERS, List.of(story.run(0, market.owners.getFirst(), "a")), List.of());
        var out = new ByteArrayOutputStream();
        var purpose = "direct:" + story.job;
        settlement.close();
        try (var other = service.start()) {
            log.say(story.submitted());
            log.await(story.job, JobFunded.class);
            log.say(new ResultAccepted(story.job, broken));
            Await.until(JobLog.PATIENCE, () -> !other.vitals().troubles().isEmpty(), () -> "Expected a parked purpose");

            // when
            operate(service, out, "status");
            int retried = operate(service, out, "retry", purpose);
            Await.until(
                    JobLog.PATIENCE,
                    () -> other.vitals().troubles().stream().anyMatch(trouble -> trouble.tries() > 1),
                    () -> "Expected a second try");
            int abandoned = operate(service, out, "abandon", purpose, "one run is no quorum");
            var settled = log.await(story.job, JobSettled.class);

            // then
            assertThat(out.toString(StandardCharsets.UTF_8)).contains(purpose).contains("QuorumNotReached");
            assertThat(retried).isZero();
            assertThat(abandoned).isZero();
            assertThat(operate(service, out, "abandon", purpose, "again")).isEqualTo(1);
            assertThat(operate(service, out, "what")).isEqualTo(64);
            assertThat(settled.payouts()).isEmpty();
            assertThat(settled.refunded()).isEqualTo(story.order.maxPayment());
        } finally {
            settlement = own.start();
        }
    }

    private static int operate(Service service, ByteArrayOutputStream out, String... words) {
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return OperatorCommand.run(service.settings(), Clock.systemUTC(), words, print, print);
    }

    private HttpResponse<String> get(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + settlement.opsPort() + path))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
