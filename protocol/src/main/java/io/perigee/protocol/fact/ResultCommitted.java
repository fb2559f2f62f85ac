package io.perigee.protocol.fact;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Commitment;
import io.perigee.protocol.message.Receipt;

/** A commitment reached the hub and was receipted. */
public record ResultCommitted(
        JobId jobId,
        int attempt,
        Commitment commitment,
        Signature commitmentSignature,
        Receipt receipt,
        Signature receiptSignature)
        implements JobFact {}
