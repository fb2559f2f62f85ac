package io.perigee.protocol.fact;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.spec.JobSpec;

/** A builder's signed job passed intake. */
public record JobSubmitted(JobId jobId, JobSpec spec, Digest specHash, JobOrder order, Signature orderSignature)
        implements JobFact {}
