package io.perigee.protocol.fact;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;

/** Settlement reserved the order's maximum against the builder's allotment at a final block. */
public record JobFunded(JobId jobId, Amount reserved, long block) implements JobFact {}
