package io.perigee.protocol.fact;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Assignment;
import io.perigee.protocol.message.SessionKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The hub signed an assignment; the provider has until acceptBy to take it.
 *
 * @param sessionKey the key that speaks for this attempt to its end, whatever key the provider shows later
 * @param resumeFrom manifest of the checkpoint at {@code assignment.fromBorder()}; null when that is 0
 */
public record JobAssigned(
        JobId jobId,
        int attempt,
        Assignment assignment,
        Signature hubSignature,
        SessionKey sessionKey,
        Signature sessionKeySignature,
        Instant acceptBy,
        @Nullable ContentId resumeFrom)
        implements JobFact {}
