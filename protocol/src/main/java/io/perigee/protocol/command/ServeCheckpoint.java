package io.perigee.protocol.command;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;

/** The provider uploaded the checkpoint of a border; the content is the manifest of that border's files. */
public record ServeCheckpoint(JobId jobId, Digest assignmentHash, int border, ContentId checkpoint)
        implements Command {}
