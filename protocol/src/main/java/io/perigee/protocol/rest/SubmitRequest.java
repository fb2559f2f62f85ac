package io.perigee.protocol.rest;

import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.spec.JobSpec;

/** A signed job. Send it with an Idempotency-Key. */
public record SubmitRequest(JobSpec spec, JobOrder order, Signature orderSignature) {}
