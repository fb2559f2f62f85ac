package io.perigee.market.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.market.pricing.Pricing;
import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.result.Payable;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.testkit.sample.Parties;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import java.util.List;
import java.util.function.UnaryOperator;

/** What is refused, with which code, and that nothing changes. */
final class RefusalStories {
    private RefusalStories() {}

    static List<Story> all() {
        return List.of(
                Story.of("shouldFailASpecThatBreaksTheRules", lab -> {
                    lab.submit(SampleJobs.withDeadlines(SampleJobs.strict(2), new JobSpec.Deadlines(600, 0, 300)));
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.INVALID_ORDER);
                    assertThat(lab.only(JobFailed.class).detail()).contains("deadlines.run");
                }),
                Story.of("shouldKnowNoJobBeforeItIsSubmitted", lab -> {
                    lab.input(new JobInput.TimePassed());
                    lab.refused(ErrorCode.NOT_FOUND);
                }),
                Story.of("shouldTakeAJobInOnce", lab -> {
                    lab.submit(SampleJobs.strict(2)).submit(SampleJobs.strict(2));
                    lab.refused(ErrorCode.CONFLICT);
                }),
                Story.of(
                        "shouldFailAnOrderForAnotherHub",
                        lab -> invalid(
                                lab,
                                o -> order(
                                        o,
                                        Parties.TOKEN,
                                        o.specHash(),
                                        o.maxPayment(),
                                        o.segments(),
                                        o.quorum(),
                                        o.direct(),
                                        o.deadline()))),
                Story.of(
                        "shouldFailAnOrderForAnotherSpec",
                        lab -> invalid(
                                lab,
                                o -> order(
                                        o,
                                        o.hub(),
                                        Parties.digest("x"),
                                        o.maxPayment(),
                                        o.segments(),
                                        o.quorum(),
                                        o.direct(),
                                        o.deadline()))),
                Story.of(
                        "shouldFailAnOrderOfAnotherMaximum",
                        lab -> invalid(
                                lab,
                                o -> order(
                                        o,
                                        o.hub(),
                                        o.specHash(),
                                        Amount.of(1),
                                        o.segments(),
                                        o.quorum(),
                                        o.direct(),
                                        o.deadline()))),
                Story.of(
                        "shouldFailAnOrderOfOtherBorders",
                        lab -> invalid(
                                lab,
                                o -> order(
                                        o,
                                        o.hub(),
                                        o.specHash(),
                                        o.maxPayment(),
                                        5,
                                        o.quorum(),
                                        o.direct(),
                                        o.deadline()))),
                Story.of(
                        "shouldFailAnOrderOfAnotherQuorum",
                        lab -> invalid(
                                lab,
                                o -> order(
                                        o,
                                        o.hub(),
                                        o.specHash(),
                                        o.maxPayment(),
                                        o.segments(),
                                        1,
                                        o.direct(),
                                        o.deadline()))),
                Story.of(
                        "shouldFailAnOrderThatLivesTooLong",
                        lab -> invalid(
                                lab,
                                o -> order(
                                        o,
                                        o.hub(),
                                        o.specHash(),
                                        o.maxPayment(),
                                        o.segments(),
                                        o.quorum(),
                                        o.direct(),
                                        o.deadline() + 90_000))),
                Story.of(
                        "shouldFailAnOrderTooShortForOneRun",
                        lab -> invalid(
                                lab,
                                o -> order(
                                        o,
                                        o.hub(),
                                        o.specHash(),
                                        o.maxPayment(),
                                        o.segments(),
                                        o.quorum(),
                                        o.direct(),
                                        o.validAfter() + 100))),
                Story.of("shouldFailAnOrderSomebodyElseSigned", lab -> {
                    var spec = SampleJobs.strict(2);
                    var order = SampleJobs.order(Lab.ID, spec, lab.now, Pricing.orderSeconds(spec, lab.policy));
                    var signature = Parties.HUB.sign(order.digest(Parties.DOMAIN));
                    lab.input(new JobInput.Observed(
                            new JobSubmitted(Lab.ID, spec, order.specHash(), order, signature, null)));
                    assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.INVALID_ORDER);
                }),
                Story.of("shouldNotCountTooSmallAReservation", lab -> {
                    lab.submit(SampleJobs.strict(2));
                    lab.input(new JobInput.Observed(new JobFunded(Lab.ID, Amount.of(2_499), 1)));
                    lab.refused(ErrorCode.ALLOTMENT_TOO_SMALL);
                }),
                Story.of("shouldNotSettleWhatIsNotDecided", lab -> {
                    lab.funded(SampleJobs.strict(2));
                    lab.input(new JobInput.Observed(
                            new JobSettled(Lab.ID, List.of(), 0, List.of(), Amount.ZERO, List.of())));
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldBelieveNobodyElseInItsOwnFacts", lab -> {
                    lab.funded(SampleJobs.strict(2));
                    lab.input(new JobInput.Observed(new JobExpired(Lab.ID, "FUNDED", Payable.nothing())));
                    lab.refused(ErrorCode.FORBIDDEN);
                }),
                Story.of("shouldNotPlaceWhatIsNotWanted", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").place("c");
                    lab.refused(ErrorCode.CONFLICT);
                }),
                Story.of("shouldNotPlaceTooFew", lab -> unplaceable(lab, SampleProvider.of("a"))),
                Story.of(
                        "shouldNotPlaceOneOwnerTwice",
                        lab -> unplaceable(
                                lab,
                                SampleProvider.of("a"),
                                SampleProvider.of("b").ownedBy("a"))),
                Story.of(
                        "shouldNotPlaceAboveTheCeiling",
                        lab -> unplaceable(
                                lab,
                                SampleProvider.of("a"),
                                SampleProvider.of("b").asking(1_000_000))),
                Story.of("shouldOnlyLetTheBuilderCancel", lab -> {
                    lab.funded(SampleJobs.strict(2));
                    lab.ask(Parties.TOKEN.value(), new CancelJob(Lab.ID, Parties.TOKEN));
                    lab.refused(ErrorCode.FORBIDDEN);
                    lab.ask(Parties.TOKEN.value(), new CancelJob(Lab.ID, Parties.BUILDER.address()));
                    lab.refused(ErrorCode.FORBIDDEN);
                }),
                Story.of("shouldHearOnlyWhoWasAssigned", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b");
                    lab.ask(SampleProvider.of("c").id().value(), lab.runs.get(0).accept());
                    lab.refused(ErrorCode.NOT_ASSIGNED);
                    var stranger = new AcceptAssignment(
                            Lab.ID, Digest.ZERO, lab.runs.get(0).accept().signature());
                    lab.says(0, stranger);
                    lab.refused(ErrorCode.NOT_ASSIGNED);
                }),
                Story.of("shouldRefuseSignaturesOfOtherKeys", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b");
                    var forged = lab.runs.get(1).accept().signature();
                    lab.says(0, new AcceptAssignment(Lab.ID, lab.runs.get(0).hash(), forged));
                    lab.refused(ErrorCode.BAD_SIGNATURE);
                    lab.accept(0);
                    var commit = lab.runs.get(0).commit(1);
                    lab.says(0, new ReportCommitment(Lab.ID, commit.commitment(), forged));
                    lab.refused(ErrorCode.BAD_SIGNATURE);
                }),
                Story.of("shouldTakeEachReportOnce", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0).accept(0);
                    lab.refused(ErrorCode.CONFLICT);
                    lab.says(0, lab.runs.get(0).decline());
                    lab.refused(ErrorCode.WRONG_STATE);
                    lab.commit(0, 2).commit(0, 2);
                    lab.refused(ErrorCode.CONFLICT);
                    lab.commit(0, 1);
                    lab.refused(ErrorCode.MALFORMED);
                    lab.commit(0, 4).reveal(0, 4).reveal(0, 4);
                    lab.refused(ErrorCode.CONFLICT);
                    lab.says(0, lab.runs.get(0).fail(FailureKind.CRASHED, 1, "late"));
                    lab.refused(ErrorCode.WRONG_STATE);
                }),
                Story.of("shouldLetTheFirstSealStand", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b")
                            .accept(0)
                            .commit(0, 2)
                            .lies(0, 1, "other")
                            .commit(0, 2);
                    lab.refused(ErrorCode.CONTRADICTION);
                }),
                Story.of("shouldReceiptOnlyARunningAttemptInTime", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").commit(0, 1);
                    lab.refused(ErrorCode.WRONG_STATE);
                    lab.accept(0).commit(0, 5);
                    lab.refused(ErrorCode.MALFORMED);
                    lab.now = lab.now.plusSeconds(Pricing.leaseSeconds(lab.job.spec(), lab.policy) + 1);
                    lab.commit(0, 1);
                    lab.refused(ErrorCode.STALE_LEASE);
                }),
                Story.of("shouldOpenOnlyWhatIsSealedAndDue", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0).reveal(0, 4);
                    lab.refused(ErrorCode.NO_RECEIPT);
                    lab.commit(0, 2).reveal(0, 2);
                    lab.refused(ErrorCode.WRONG_STATE);
                    lab.commit(0, 4);
                    var reveal = lab.runs.get(0).reveal(4);
                    lab.says(
                            0,
                            new RevealResult(
                                    Lab.ID,
                                    reveal.assignmentHash(),
                                    4,
                                    reveal.opening(),
                                    reveal.segments(),
                                    null,
                                    null));
                    lab.refused(ErrorCode.BAD_OPENING);
                }),
                Story.of("shouldRefuseWhoLostItsLease", lab -> {
                    lab.placed(SampleJobs.strict(2), "a", "b").accept(0).gone(0).commit(0, 1);
                    lab.refused(ErrorCode.STALE_LEASE);
                }),
                Story.of("shouldNotStartInADisputeOrAnEnding", lab -> {
                    lab.placed(SampleJobs.strict(3), "a", "b", "c")
                            .accept(0, 1)
                            .commit(0, 2)
                            .commit(1, 2)
                            .cancel();
                    lab.accept(2);
                    lab.refused(ErrorCode.STALE_LEASE);
                    lab.cancel();
                    lab.refused(ErrorCode.WRONG_STATE);
                }));
    }

    private static void unplaceable(Lab lab, SampleProvider... providers) {
        lab.funded(SampleJobs.strict(2)).place(providers);
        lab.refused(ErrorCode.CONFLICT);
        assertThat(lab.phase()).isEqualTo(Phase.FUNDED);
    }

    private static void invalid(Lab lab, UnaryOperator<JobOrder> change) {
        var spec = SampleJobs.strict(2);
        var order = change.apply(SampleJobs.order(Lab.ID, spec, lab.now, Pricing.orderSeconds(spec, lab.policy)));
        lab.input(new JobInput.Observed(SampleJobs.submitted(order, spec)));
        assertThat(lab.only(JobFailed.class).cause()).isEqualTo(Cause.INVALID_ORDER);
        assertThat(lab.payable().owesNothing()).isTrue();
    }

    private static JobOrder order(
            JobOrder o,
            io.perigee.protocol.id.Address hub,
            Digest specHash,
            Amount max,
            int segments,
            int quorum,
            boolean direct,
            long deadline) {
        return new JobOrder(
                o.builder(),
                hub,
                o.jobId(),
                specHash,
                o.token(),
                max,
                segments,
                quorum,
                direct,
                o.validAfter(),
                deadline);
    }
}
