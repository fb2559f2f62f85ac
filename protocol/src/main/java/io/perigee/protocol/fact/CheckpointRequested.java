package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import java.time.Instant;

/** The hub asks a provider to upload the checkpoint of a border that it sealed, before an instant. */
public record CheckpointRequested(JobId jobId, int attempt, int border, Instant by) implements JobFact {}
