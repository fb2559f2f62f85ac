package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.JobId;
import java.time.Instant;

/** An order went into its builder's record; at most once. */
public record OrderOutcomeNoted(JobId jobId, Address builder, OrderOutcomeKind kind, Instant at)
        implements RecordFact {}
