package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.time.Instant;

/**
 * A run went into its owner's record. Told again with another kind when a later decision says more of the same run; the
 * last one stands.
 *
 * @param imageFamily the trainer's name, or the digest of a builder's own image
 * @param at when the run ended
 */
public record OutcomeNoted(
        JobId jobId, int attempt, Address owner, Digest numericClass, String imageFamily, OutcomeKind kind, Instant at)
        implements RecordFact {}
