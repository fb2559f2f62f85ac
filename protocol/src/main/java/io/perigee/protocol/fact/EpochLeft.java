package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import java.time.Instant;

/**
 * No epoch will pay the job: its evidence goes to the contract by itself, as soon as the contract takes it.
 *
 * @param reason in one sentence
 * @param directFrom from when the contract takes it, 4 W after the order's deadline
 */
public record EpochLeft(JobId jobId, int epoch, String reason, Instant directFrom) implements JobFact {}
