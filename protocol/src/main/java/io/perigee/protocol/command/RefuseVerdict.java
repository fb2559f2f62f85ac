package io.perigee.protocol.command;

import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;

/** An auditor does not sign the verdict it was asked for. */
public record RefuseVerdict(JobId jobId, Digest assignmentHash, VerdictRefusal reason, String detail)
        implements Command {}
