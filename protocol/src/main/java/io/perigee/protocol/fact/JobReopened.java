package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;

/** One more attempt is wanted. */
public record JobReopened(JobId jobId, String reason) implements JobFact {}
