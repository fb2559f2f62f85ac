package io.perigee.protocol.command;

import io.perigee.protocol.fact.Body;
import io.perigee.protocol.id.JobId;

/**
 * Something a stage or a provider asks of the job's owner, who answers with facts or {@code CommandRejected}. The
 * envelope's source says who asks, as proven by the gateway.
 */
public sealed interface Command extends Body
        permits AcceptAssignment,
                CancelJob,
                DeclineAssignment,
                RefuseVerdict,
                ReportCommitment,
                ReportFailure,
                RevealResult,
                ServeCheckpoint,
                SignVerdict {
    String TOPIC = "perigee.commands";

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
