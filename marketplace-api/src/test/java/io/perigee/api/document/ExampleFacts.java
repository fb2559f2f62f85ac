package io.perigee.api.document;

import static io.perigee.api.document.ExampleJob.FIRST;
import static io.perigee.api.document.ExampleJob.ID;
import static io.perigee.api.document.ExampleJob.ORDER;
import static io.perigee.api.document.ExampleJob.SECOND;
import static io.perigee.api.document.ExampleParties.BUILDER;

import io.perigee.protocol.command.AcceptAssignment;
import io.perigee.protocol.command.CancelJob;
import io.perigee.protocol.command.DeclineAssignment;
import io.perigee.protocol.command.RefuseVerdict;
import io.perigee.protocol.command.ReportCommitment;
import io.perigee.protocol.command.ReportFailure;
import io.perigee.protocol.command.RevealResult;
import io.perigee.protocol.command.ServeCheckpoint;
import io.perigee.protocol.command.SignVerdict;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.AllotmentChanged;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.Body;
import io.perigee.protocol.fact.Burn;
import io.perigee.protocol.fact.CancelNoted;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.EpochChanged;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.NoMatchReason;
import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.fact.OrderOutcomeNoted;
import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.fact.OutcomeNoted;
import io.perigee.protocol.fact.PairsCounted;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.Payout;
import io.perigee.protocol.fact.ProviderOffline;
import io.perigee.protocol.fact.ProviderOnline;
import io.perigee.protocol.fact.ProviderRegistered;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.SessionKeyRevoked;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.fact.StakeChanged;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.fact.VerdictRefused;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.rest.EpochState;
import io.perigee.protocol.result.Payable;
import java.time.Instant;
import java.util.List;

/** Each fact and command once, in the order of the example's story; those that did not happen in it after the rest. */
final class ExampleFacts {
    private static final ModelShape BASE = new ModelShape("llama", 1_024, 128, 448, 4, 4, 2, 32, 256, true, false);
    private static final int LAST = ExampleJob.SPEC.borders();
    private static final Amount PRICE = FIRST.assignment().price();
    private static final List<Payout> PAYOUTS = ExampleRun.both()
            .map(run -> new Payout(
                    run.attempt(), run.wallet().address(), run.wallet().address(), PRICE))
            .toList();
    private static final int EPOCH = ExampleJob.EPOCH.number();
    private static final Instant POSTED_FROM = ExampleJob.at(ExampleJob.POSTED_FROM);
    private static final Instant FINAL = ExampleJob.at(ExampleJob.FINAL);
    private static final Amount REFUND = ORDER.maxPayment().minus(PRICE.times(2));

    private ExampleFacts() {}

    /** @param second after the order begins to be good */
    record Told(long second, String source, Body body) {
        Envelope envelope() {
            var at = ExampleJob.at(second);
            var name = body.getClass().getSimpleName();
            return Envelope.of(
                    ExampleJob.id(name), at, source, ExampleJob.secret("trace").substring(0, 32), body);
        }
    }

    static List<Told> all() {
        return List.of(
                // the story
                told(
                        1,
                        "intake",
                        new JobSubmitted(
                                ID, ExampleJob.SPEC, ORDER.specHash(), ORDER, ExampleJob.ORDER_SIGNATURE, BASE)),
                told(3, "settlement", new JobFunded(ID, ORDER.maxPayment(), 1_204)),
                told(
                        5,
                        "scheduler",
                        new JobAssigned(
                                ID,
                                0,
                                FIRST.assignment(),
                                FIRST.hubSignature(),
                                FIRST.sessionKey(),
                                FIRST.ownerSignature(),
                                ExampleJob.at(35),
                                null)),
                told(6, FIRST.provider().value(), new AcceptAssignment(ID, FIRST.hash(), FIRST.acceptance())),
                told(6, "scheduler", new AttemptStarted(ID, 0, FIRST.acceptance())),
                told(
                        60,
                        FIRST.provider().value(),
                        new ReportCommitment(ID, FIRST.commitment(LAST), FIRST.commitmentSignature(LAST))),
                told(
                        60,
                        "scheduler",
                        new ResultCommitted(
                                ID,
                                0,
                                FIRST.commitment(LAST),
                                FIRST.commitmentSignature(LAST),
                                FIRST.receipt(LAST),
                                FIRST.receiptSignature(LAST))),
                told(
                        61,
                        FIRST.provider().value(),
                        new RevealResult(
                                ID,
                                FIRST.hash(),
                                LAST,
                                FIRST.opening(LAST),
                                FIRST.segments(LAST),
                                ExampleJob.OUTPUTS.digest(),
                                FIRST.checkpoint(LAST).digest())),
                told(
                        61,
                        "scheduler",
                        new ResultRevealed(
                                ID,
                                0,
                                FIRST.opening(LAST),
                                FIRST.segments(LAST),
                                LAST,
                                ExampleJob.OUTPUTS.digest(),
                                FIRST.checkpoint(LAST).digest())),
                told(
                        62,
                        "scheduler",
                        new AttemptEnded(ID, 0, AttemptEnd.VERIFIED, null, null, "It agrees with attempts [1]")),
                told(62, "scheduler", new ResultAccepted(ID, ExampleJob.PAYABLE)),
                told(63, "settlement", new EpochJoined(ID, EPOCH, POSTED_FROM, FINAL)),
                told(
                        ExampleJob.POSTED_FROM + 60,
                        "settlement",
                        new EpochPosted(ID, EPOCH, ExampleJob.TRANSACTION, 1_266, PAYOUTS, FINAL)),
                told(
                        ExampleJob.FINAL + 60,
                        "settlement",
                        new JobSettled(
                                ID,
                                List.of(ExampleJob.TRANSACTION, ExampleJob.SETTLING),
                                899,
                                PAYOUTS,
                                REFUND,
                                List.of())),
                // what else may be said about a job
                told(
                        63,
                        "settlement",
                        new EpochLeft(
                                ID,
                                EPOCH,
                                "the job was decided after it was built",
                                ExampleJob.at(ExampleJob.FINAL + 86_400))),
                told(64, "settlement", new SettlementSent(ID, "direct:" + ID, ExampleJob.TRANSACTION)),
                told(
                        65,
                        "settlement",
                        new CreditsReserved(
                                ID, ExampleJob.TRANSACTION, 1_266, 412_345, PAYOUTS, ExampleJob.at(65 + 86_400))),
                told(
                        3,
                        "settlement",
                        new FundingRefused(
                                ID,
                                ErrorCode.ALLOTMENT_TOO_SMALL,
                                "Expected the allotment to cover 2500000, but only 1000000 of it is free")),
                told(
                        5,
                        "scheduler",
                        new JobQueued(
                                ID, List.of(new NoMatchReason("resources.memory", 2, "2 offers have less memory")))),
                told(40, BUILDER.address().value(), new CancelJob(ID, BUILDER.address())),
                told(41, "scheduler", new RevealRequested(ID, 0, 2, "CANCELLED")),
                told(60, "scheduler", new SegmentsDrawn(ID, 0, 1_236, ExampleJob.ORDER_HASH, List.of(1, 2))),
                told(61, "scheduler", new CheckpointRequested(ID, 0, 1, ExampleJob.at(661))),
                told(
                        64,
                        FIRST.provider().value(),
                        new ServeCheckpoint(
                                ID, FIRST.hash(), 1, FIRST.checkpoint(1).digest())),
                told(
                        64,
                        "scheduler",
                        new CheckpointServed(ID, 0, 1, FIRST.checkpoint(1).digest())),
                told(
                        75,
                        "scheduler",
                        new VerdictRequested(ID, 1, FIRST.commitment(LAST), FIRST.opening(LAST), FIRST.segments(LAST))),
                told(
                        76,
                        SECOND.provider().value(),
                        new SignVerdict(ID, SECOND.verdict(FIRST), SECOND.verdictSignature(FIRST))),
                told(76, "scheduler", new VerdictSigned(ID, 1, SECOND.verdict(FIRST), SECOND.verdictSignature(FIRST))),
                told(
                        76,
                        SECOND.provider().value(),
                        new RefuseVerdict(ID, SECOND.hash(), VerdictRefusal.LEAF_DIFFERS, GatewayExamples.DIFFERS)),
                told(76, "scheduler", new VerdictRefused(ID, 1, VerdictRefusal.LEAF_DIFFERS, GatewayExamples.DIFFERS)),
                told(66, "scheduler", new RunGivenUp(ID, 0, 1, "The provider is gone: missed 3 heartbeats")),
                told(67, "scheduler", new CancelNoted(ID, BUILDER.address().value())),
                told(
                        78,
                        "scheduler",
                        new PartAccepted(
                                ID, 0, ExampleJob.PART, FIRST.checkpoint(1).digest())),
                told(45, "scheduler", new JobCancelled(ID, BUILDER.address().value(), Payable.nothing())),
                told(
                        6,
                        SECOND.provider().value(),
                        new DeclineAssignment(
                                ID,
                                SECOND.hash(),
                                "Expected a free slot, but the agent is paused, full, or without an engine")),
                told(
                        20,
                        SECOND.provider().value(),
                        new ReportFailure(ID, SECOND.hash(), FailureKind.OUT_OF_MEMORY, 137, "The kernel killed it")),
                told(
                        66,
                        "scheduler",
                        new CommandRejected(
                                ID,
                                ExampleJob.id("ReportCommitment"),
                                ErrorCode.STALE_LEASE,
                                "Expected attempt 1 of job '%s' to be open, but it ended as LOST".formatted(ID))),
                told(
                        62,
                        "scheduler",
                        new ResultDisputed(ID, LAST, List.of(0, 1), "Attempts [0, 1] differ at border 3")),
                told(
                        63,
                        "scheduler",
                        new JobReopened(ID, "Attempts [0, 1] differ at border 3; one more replica decides")),
                told(
                        90,
                        "scheduler",
                        new JobFailed(ID, Cause.BAD_DATA, "2 owners say that the data is wrong", Payable.nothing())),
                told(605, "scheduler", new JobExpired(ID, "QUEUED", Payable.nothing())),
                // providers and accounts
                told(
                        0,
                        "intake",
                        new ProviderOnline(
                                FIRST.provider(),
                                FIRST.wallet().address(),
                                FIRST.sessionKey(),
                                FIRST.ownerSignature(),
                                FIRST.offer())),
                told(
                        190,
                        "scheduler",
                        new OutcomeNoted(
                                ID,
                                0,
                                FIRST.wallet().address(),
                                FIRST.assignment().numericClass(),
                                ExampleJob.SPEC.trainer(),
                                OutcomeKind.VERIFIED,
                                ExampleJob.at(190))),
                told(190, "scheduler", new PairsCounted(ID, FIRST.assignment().numericClass(), LAST)),
                told(
                        900,
                        "scheduler",
                        new OrderOutcomeNoted(ID, ORDER.builder(), OrderOutcomeKind.HONOURED, ExampleJob.at(900))),
                told(900, "intake", new ProviderOffline(FIRST.provider(), "the agent said goodbye")),
                told(
                        0,
                        "settlement",
                        new AllotmentChanged(
                                BUILDER.address(),
                                ORDER.hub(),
                                ORDER.token(),
                                Amount.of(10_000_000),
                                ORDER.maxPayment(),
                                Amount.of(7_500_000),
                                1_204)),
                told(
                        ExampleJob.POSTED_FROM + 60,
                        "settlement",
                        new EpochChanged(
                                ORDER.hub(),
                                ORDER.token(),
                                EPOCH,
                                ExampleParties.digest("epoch root"),
                                2,
                                PRICE.times(2),
                                PRICE.times(2),
                                EpochState.POSTED,
                                ExampleJob.TRANSACTION,
                                ExampleParties.content("epoch file\n"))),
                told(0, "settlement", new StakeChanged(FIRST.wallet().address(), Amount.of(5_000_000), 1_190)),
                told(0, "settlement", new ProviderRegistered(FIRST.wallet().address(), FIRST.provider(), 1_188)),
                told(
                        900,
                        "settlement",
                        new SessionKeyRevoked(
                                FIRST.wallet().address(),
                                FIRST.provider(),
                                FIRST.sessionKey().serial(),
                                ExampleJob.at(890).getEpochSecond(),
                                1_301)));
    }

    /** A job where one was outvoted, for the loss of its bond. */
    static Burn burn() {
        return new Burn(2, SECOND.wallet().address(), PRICE);
    }

    static Amount refund() {
        return REFUND;
    }

    static List<Payout> payouts() {
        return PAYOUTS;
    }

    private static Told told(long second, String source, Body body) {
        return new Told(second, source, body);
    }
}
