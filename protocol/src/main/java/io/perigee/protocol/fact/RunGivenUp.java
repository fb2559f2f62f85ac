package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;

/**
 * The run of an audited job does nothing more, and it had opened a part: that is audited before anything else happens.
 *
 * @param border up to which it is open
 * @param reason why the hub waits for it no longer
 */
public record RunGivenUp(JobId jobId, int attempt, int border, String reason) implements JobFact {}
