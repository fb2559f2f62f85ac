package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Payable;

/** A quorum agreed. */
public record ResultAccepted(JobId jobId, Payable payable) implements JobFact {}
