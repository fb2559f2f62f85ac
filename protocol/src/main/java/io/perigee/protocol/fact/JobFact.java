package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;

/** A step in the life of a job. */
public sealed interface JobFact extends Fact
        permits AttemptEnded,
                AttemptStarted,
                CancelNoted,
                CheckpointRequested,
                CheckpointServed,
                CommandRejected,
                CreditsReserved,
                EpochJoined,
                EpochLeft,
                EpochPosted,
                FundingRefused,
                JobAssigned,
                JobCancelled,
                JobExpired,
                JobFailed,
                JobFunded,
                JobQueued,
                JobReopened,
                JobSettled,
                JobSubmitted,
                PartAccepted,
                ResultAccepted,
                ResultCommitted,
                ResultDisputed,
                ResultRevealed,
                RevealRequested,
                RunGivenUp,
                SegmentsDrawn,
                SettlementSent,
                VerdictRefused,
                VerdictRequested,
                VerdictSigned {
    String TOPIC = "perigee.jobs";

    JobId jobId();

    @Override
    default String key() {
        return jobId().toString();
    }

    @Override
    default String topic() {
        return TOPIC;
    }
}
