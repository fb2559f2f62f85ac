package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.result.Payable;

/** The builder cancelled; what was sealed and agreed is paid. */
public record JobCancelled(JobId jobId, String by, Payable payable) implements JobFact {}
