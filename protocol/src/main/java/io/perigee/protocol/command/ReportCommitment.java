package io.perigee.protocol.command;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.Commitment;

/** The provider binds itself to a result. */
public record ReportCommitment(JobId jobId, Commitment commitment, Signature signature) implements Command {}
