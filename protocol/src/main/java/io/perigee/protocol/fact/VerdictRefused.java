package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;

/**
 * An auditor did not sign the verdict it was asked for.
 *
 * @param attempt the auditor's
 */
public record VerdictRefused(JobId jobId, int attempt, VerdictRefusal reason, String detail) implements JobFact {}
