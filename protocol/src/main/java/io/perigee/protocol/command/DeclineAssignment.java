package io.perigee.protocol.command;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;

/** The provider does not take it. */
public record DeclineAssignment(JobId jobId, Digest assignmentHash, String detail) implements Command {}
