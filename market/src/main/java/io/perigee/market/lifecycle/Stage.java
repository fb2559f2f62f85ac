package io.perigee.market.lifecycle;

import io.perigee.protocol.fact.AttemptEnded;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CancelNoted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.CheckpointServed;
import io.perigee.protocol.fact.CommandRejected;
import io.perigee.protocol.fact.CreditsReserved;
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

/** The baton rule: at every moment one stage owns a job, and only its owner decides. */
public enum Stage {
    INTAKE("intake"),
    SCHEDULER("scheduler"),
    SETTLEMENT("settlement");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /** The stage's name in envelopes and documents. */
    public String label() {
        return label;
    }

    /** Who decides and publishes facts of this kind. */
    public static Stage of(JobFact fact) {
        return switch (fact) {
            case JobSubmitted _ -> INTAKE;
            case JobFunded _,
                    FundingRefused _,
                    SettlementSent _,
                    CreditsReserved _,
                    EpochJoined _,
                    EpochLeft _,
                    EpochPosted _,
                    JobSettled _ -> SETTLEMENT;
            case JobQueued _,
                    JobAssigned _,
                    AttemptStarted _,
                    ResultCommitted _,
                    RevealRequested _,
                    SegmentsDrawn _,
                    ResultRevealed _,
                    AttemptEnded _,
                    ResultDisputed _,
                    JobReopened _,
                    CheckpointRequested _,
                    CheckpointServed _,
                    VerdictRequested _,
                    VerdictSigned _,
                    VerdictRefused _,
                    CancelNoted _,
                    RunGivenUp _,
                    PartAccepted _,
                    ResultAccepted _,
                    JobFailed _,
                    JobCancelled _,
                    JobExpired _,
                    CommandRejected _ -> SCHEDULER;
        };
    }
}
