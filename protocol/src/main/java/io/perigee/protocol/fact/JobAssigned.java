package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.SessionKey;
import java.time.Instant;

/**
 * The hub signed an assignment; the provider has until acceptBy to take it.
 *
 * @param sessionKey the key that speaks for this attempt to its end, whatever key the provider shows later
 */
public record JobAssigned(
        JobId jobId,
        int attempt,
        Assignment assignment,
        Signature hubSignature,
        SessionKey sessionKey,
        Signature sessionKeySignature,
        Instant acceptBy)
        implements JobFact {}
