package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;

/** The hub asks a provider to open its seal of a border. */
public record RevealRequested(JobId jobId, int attempt, int border, String reason) implements JobFact {}
