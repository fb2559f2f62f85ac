package io.perigee.protocol.fact;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.spec.JobSpec;
import org.jspecify.annotations.Nullable;

/**
 * A builder's signed job passed intake.
 *
 * @param base the sizes of its base, by which its memory is estimated; null where they are not known
 */
public record JobSubmitted(
        JobId jobId,
        JobSpec spec,
        Digest specHash,
        JobOrder order,
        Signature orderSignature,
        @Nullable ModelShape base) implements JobFact {}
