package io.perigee.protocol.fact;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.JobId;

/** The allotment does not cover the order. */
public record FundingRefused(JobId jobId, ErrorCode code, String detail) implements JobFact {}
