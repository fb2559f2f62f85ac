package io.perigee.market.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.epoch.Line;
import io.perigee.protocol.epoch.LineCollector;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.message.NumericClass;
import io.perigee.protocol.message.Receipt;
import io.perigee.protocol.message.Role;
import io.perigee.protocol.message.Verdict;
import io.perigee.protocol.result.AuditEvidence;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.result.RunEvidence;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PayoutsTest {
    private static final JobSpec SPEC = SampleJobs.strict(2);
    private static final JobId ID = new JobId(UUID.fromString("01890000-0000-7000-8000-000000000001"));

    @Test
    void shouldPayTheShareOfTheBorderRoundedDown() {
        // given
        var payable = new Payable(
                3, List.of(run("a", 0, 205, NumericClass.STRICT), run("b", 1, 101, NumericClass.STRICT)), List.of());

        // when
        var plan = Payouts.plan(order(2_500), payable);

        // then ⌊205·3/4⌋ and ⌊101·3/4⌋
        assertThat(plan.payouts()).extracting(Payout::amount).containsExactly(Amount.of(153), Amount.of(75));
        assertThat(plan.paid().plus(plan.refunded())).isEqualTo(Amount.of(2_500));
    }

    @Test
    void shouldShareWhatThereIsWhenTheMaximumIsTooSmall() {
        // given
        var payable = new Payable(
                4, List.of(run("a", 0, 300, NumericClass.STRICT), run("b", 1, 100, NumericClass.STRICT)), List.of());

        // when
        var plan = Payouts.plan(order(201), payable);

        // then: as in the contract 300 counts as the maximum
        assertThat(plan.payouts()).extracting(Payout::amount).containsExactly(Amount.of(134), Amount.of(66));
        assertThat(plan.refunded()).isEqualTo(Amount.of(1));
    }

    @Test
    void shouldRefundEverythingWhenNothingIsOwed() {
        assertThat(Payouts.plan(order(2_500), Payable.nothing()).refunded()).isEqualTo(Amount.of(2_500));
    }

    @Test
    void shouldBurnBondsOnlyInTheStrictClass() {
        // given
        var winners = List.of(run("a", 0, 10, NumericClass.STRICT), run("b", 1, 10, NumericClass.STRICT));
        var shown = new Payable(4, winners, List.of());

        // then
        assertThat(Payouts.burns(order(100), run("c", 2, 10, NumericClass.STRICT), shown))
                .isTrue();
        assertThat(Payouts.burns(order(100), run("c", 2, 10, Digest.ZERO), shown))
                .isFalse();
        assertThat(Payouts.burns(
                        order(100),
                        run("c", 2, 10, NumericClass.STRICT),
                        new Payable(4, winners.subList(0, 1), List.of())))
                .isFalse();
    }

    @Test
    void shouldBurnNothingOneAgainstOne() {
        // given
        var alone = SampleJobs.withVerification(
                SPEC, new JobSpec.Verification(SPEC.verification().policy(), 1));
        var order = SampleJobs.order(ID, alone, Instant.EPOCH, 10_000);
        var shown = new Payable(4, List.of(run("a", 0, 10, NumericClass.STRICT)), List.of());

        // then
        assertThat(order.quorum()).isEqualTo(1);
        assertThat(Payouts.burns(order, run("c", 2, 10, NumericClass.STRICT), shown))
                .isFalse();
    }

    @Test
    void shouldCountVerdictsUponTheFirstRunAsTheContractDoes() {
        // given
        var strict = run("a", 0, 10, NumericClass.STRICT);
        var forger = run("f", 5, 10, NumericClass.STRICT);

        // then
        assertThat(Payouts.burns(order(100), forger, audited(strict, NumericClass.STRICT, NumericClass.STRICT)))
                .isTrue();
        assertThat(Payouts.burns(order(100), forger, audited(strict, NumericClass.STRICT, Digest.ZERO)))
                .as("one of the two looked in another class")
                .isFalse();
        assertThat(Payouts.burns(
                        order(100),
                        forger,
                        audited(run("a", 0, 10, Digest.ZERO), NumericClass.STRICT, NumericClass.STRICT)))
                .as("the run is of another class")
                .isFalse();
        assertThat(Payouts.burns(order(100), forger, audited(strict, NumericClass.STRICT)))
                .as("one verdict is no quorum")
                .isFalse();
    }

    private static Payable audited(RunEvidence run, Digest... classes) {
        var audits = new ArrayList<AuditEvidence>();
        for (int i = 0; i < classes.length; i++) {
            var own = run("auditor" + i, 1 + i, 1, classes[i]);
            var verdict = new Verdict(Digest.ZERO, Digest.ZERO, Digest.ZERO, Digest.ZERO, 4);
            audits.add(new AuditEvidence(own, verdict, own.hubSignature()));
        }
        return new Payable(4, List.of(run), List.of(), audits, null);
    }

    /** The contract divides first and carries the rest, so that a hostile price cannot overflow a word. */
    @Test
    void shouldEqualTheContractsWayToDivide() {
        var random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            // given
            var price = new BigInteger(random.nextInt(200) + 1, random);
            int to = 1 + random.nextInt(1_000);
            int border = 1 + random.nextInt(to);

            // when
            var earned = assignment("a", 0, new Amount(price), Digest.ZERO, to).earnedAt(border);

            // then
            var whole = BigInteger.valueOf(to);
            var part = BigInteger.valueOf(border);
            var inSolidity = price.divide(whole)
                    .multiply(part)
                    .add(price.mod(whole).multiply(part).divide(whole));
            assertThat(earned.value()).isEqualTo(inSolidity);
        }
    }

    @Test
    void shouldMakeALineOfEachPayoutOfAnEpoch() {
        // given
        var payable = new Payable(
                4, List.of(run("a", 0, 300, NumericClass.STRICT), run("b", 1, 100, NumericClass.STRICT)), List.of());
        var order = order(201).settled(false);
        var collector = new LineCollector();

        // when
        EpochLines.add(order, payable, Parties.DOMAIN, collector);

        // then
        var lines = collector.lines().range(0, 2);
        assertThat(lines).extracting(Line::orderHash).containsOnly(order.digest(Parties.DOMAIN));
        assertThat(lines).extracting(Line::builder).containsOnly(order.builder());
        assertThat(lines).extracting(Line::amount).containsExactlyInAnyOrder(Amount.of(134), Amount.of(66));
        assertThat(lines)
                .extracting(Line::assignmentHash)
                .containsExactlyInAnyOrderElementsOf(payable.winners().stream()
                        .map(run -> run.assignment().digest(Parties.DOMAIN))
                        .toList());
    }

    @Test
    void shouldKeepAnOrderMarkedDirectOutOfEpochs() {
        var order = order(201).settled(true);
        assertThatThrownBy(() -> EpochLines.add(order, Payable.nothing(), Parties.DOMAIN, new LineCollector()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldPostNoLineForAnAuditorThatStandsAsARun() {
        // given
        var run = run("a", 0, 205, NumericClass.STRICT);
        var audit = auditors(run("c", 2, 51, NumericClass.STRICT));

        // when
        var honest = EpochLines.suffice(
                order(2_500), new Payable(4, List.of(run, run("b", 1, 101, NumericClass.STRICT)), List.of()));
        var unprovable = EpochLines.suffice(order(2_500), new Payable(4, List.of(run, audit), List.of()));

        // then
        assertThat(honest).isTrue();
        assertThat(unprovable).isFalse();
    }

    /** The same work, done as an auditor. */
    private static RunEvidence auditors(RunEvidence run) {
        var a = run.assignment();
        var assignment = new Assignment(
                a.orderHash(),
                a.attempt(),
                a.provider(),
                a.owner(),
                Role.AUDITOR,
                a.fromBorder(),
                a.toBorder(),
                a.numericClass(),
                a.price(),
                a.bond(),
                a.secretHash(),
                a.issuedAt(),
                a.leaseUntil());
        return new RunEvidence(
                assignment,
                run.hubSignature(),
                run.acceptance(),
                run.sessionKey(),
                run.sessionKeySignature(),
                run.commitment(),
                run.commitmentSignature(),
                run.receipt(),
                run.receiptSignature(),
                run.opening(),
                run.segments());
    }

    private static JobOrder order(long maximum) {
        return SampleJobs.order(ID, SampleJobs.withPrice(SPEC, maximum), Instant.EPOCH, 10_000);
    }

    private static Assignment assignment(String owner, int attempt, Amount price, Digest numericClass, int toBorder) {
        var provider = SampleProvider.of(owner);
        return new Assignment(
                Digest.ZERO,
                attempt,
                provider.id(),
                provider.address(),
                Role.REPLICA,
                0,
                toBorder,
                numericClass,
                price,
                price,
                Digest.ZERO,
                0,
                100);
    }

    private static RunEvidence run(String owner, int attempt, long price, Digest numericClass) {
        var provider = SampleProvider.of(owner);
        var assignment = assignment(owner, attempt, Amount.of(price), numericClass, 4);
        var signature = Parties.HUB.sign(Digest.ZERO);
        var run = SampleRun.honest(
                provider,
                new JobAssigned(
                        ID,
                        attempt,
                        assignment,
                        signature,
                        provider.sessionKey(),
                        provider.sessionKeySignature(),
                        Instant.EPOCH,
                        null),
                true);
        var commit = run.commit(4);
        return new RunEvidence(
                assignment,
                signature,
                run.accept().signature(),
                provider.sessionKey(),
                provider.sessionKeySignature(),
                commit.commitment(),
                commit.signature(),
                new Receipt(Digest.ZERO, 1, 0),
                signature,
                run.opening(4),
                run.segments(4));
    }
}
