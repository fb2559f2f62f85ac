package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Payable;

/** A deadline passed in the named state. */
public record JobExpired(JobId jobId, String state, Payable payable) implements JobFact {}
