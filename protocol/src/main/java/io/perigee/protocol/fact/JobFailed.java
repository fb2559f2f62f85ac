package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Payable;

/** The job ends without a result; what was proven is still paid. */
public record JobFailed(JobId jobId, Cause cause, String detail, Payable payable) implements JobFact {}
