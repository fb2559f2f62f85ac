package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;

/** The provider accepted. */
public record AttemptStarted(JobId jobId, int attempt, Signature acceptance) implements JobFact {}
