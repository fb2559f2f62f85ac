package io.perigee.protocol.command;

import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;

/** The provider takes an assignment. */
public record AcceptAssignment(JobId jobId, Digest assignmentHash, Signature signature) implements Command {}
