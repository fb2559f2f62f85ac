package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;

/**
 * What a job says of those who took part in it. Decided with the job's own facts and told behind them, but no step in its
 * life: a job is folded without it, and whoever keeps records may read these alone.
 */
public sealed interface RecordFact extends Fact permits OrderOutcomeNoted, OutcomeNoted, PairsCounted {

    JobId jobId();

    @Override
    default String key() {
        return jobId().toString();
    }

    @Override
    default String topic() {
        return JobFact.TOPIC;
    }
}
