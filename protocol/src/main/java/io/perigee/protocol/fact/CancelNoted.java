package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;

/**
 * The builder cancelled while the part of a run that was given up is audited: with the end of that audit the job ends, too.
 *
 * @param by the builder
 */
public record CancelNoted(JobId jobId, String by) implements JobFact {}
