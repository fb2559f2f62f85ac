package io.perigee.settlement.app;

import io.perigee.eventlog.RecordHandler;
import io.perigee.eventlog.postgres.Tx;
import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CancelNoted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.CreditsReserved;
import io.perigee.protocol.fact.Envelope;
import io.perigee.protocol.fact.EpochJoined;
import io.perigee.protocol.fact.EpochLeft;
import io.perigee.protocol.fact.EpochPosted;
import io.perigee.protocol.fact.FundingRefused;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobCancelled;
import io.perigee.protocol.fact.JobExpired;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.JobFailed;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.JobReopened;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.fact.PartAccepted;
import io.perigee.protocol.fact.ResultAccepted;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.ResultDisputed;
import io.perigee.protocol.fact.ResultRevealed;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.RunGivenUp;
import io.perigee.protocol.fact.SegmentsDrawn;
import io.perigee.protocol.fact.SettlementSent;
import io.perigee.protocol.fact.VerdictRefused;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.fact.VerdictSigned;
import io.perigee.protocol.message.Domain;
import io.perigee.settlement.payout.DebtBook;
import io.perigee.settlement.payout.Payouts;
import io.perigee.settlement.reservation.Reservations;

/** What settlement does with facts about jobs: it funds them, and it pays when they are decided. */
final class JobRecords implements RecordHandler {
    private final Domain domain;
    private final Reservations reservations;
    private final Payouts payouts;

    JobRecords(Domain domain, Reservations reservations, Payouts payouts) {
        this.domain = domain;
        this.reservations = reservations;
        this.payouts = payouts;
    }

    @Override
    public void handle(Tx tx, Envelope envelope) {
        if (!(envelope.body() instanceof JobFact fact)) {
            return;
        }
        switch (fact) {
            case JobSubmitted submitted -> reservations.submitted(tx, submitted, envelope.trace());
            case JobAssigned assigned -> {
                var assignment = assigned.assignment();
                DebtBook.assigned(tx, assigned.jobId(), assignment.digest(domain), assignment);
            }
            case ResultAccepted(var job, var payable) -> payouts.decided(tx, job, payable, envelope.trace());
            case JobFailed failed -> payouts.decided(tx, failed.jobId(), failed.payable(), envelope.trace());
            case JobCancelled cancelled ->
                payouts.decided(tx, cancelled.jobId(), cancelled.payable(), envelope.trace());
            case JobExpired expired -> payouts.decided(tx, expired.jobId(), expired.payable(), envelope.trace());
            case AttemptEnded _,
                    AttemptStarted _,
                    SegmentsDrawn _,
                    CheckpointRequested _,
                    CheckpointServed _,
                    CommandRejected _,
                    CreditsReserved _,
                    EpochJoined _,
                    EpochLeft _,
                    EpochPosted _,
                    FundingRefused _,
                    JobFunded _,
                    JobQueued _,
                    JobReopened _,
                    JobSettled _,
                    PartAccepted _,
                    ResultCommitted _,
                    ResultDisputed _,
                    ResultRevealed _,
                    RevealRequested _,
                    CancelNoted _,
                    RunGivenUp _,
                    SettlementSent _,
                    VerdictRefused _,
                    VerdictRequested _,
                    VerdictSigned _ -> {}
        }
    }
}
