package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import java.time.Instant;

/** The hub signed an assignment; the provider has until acceptBy to take it. */
public record JobAssigned(
    JobId jobId,
    int attempt,
    Assignment assignment,
    Signature hubSignature,
    Instant acceptBy)
    implements JobFact {}
