package io.perigee.protocol.fact;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.JobId;
import java.util.UUID;

/** A command was refused; state unchanged. */
public record CommandRejected(JobId jobId, UUID commandId, ErrorCode code, String detail) implements JobFact {}
