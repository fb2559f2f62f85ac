package io.perigee.protocol.fact;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;

/** A provider uploaded the checkpoint of a border; the content is the manifest of that border's files. */
public record CheckpointServed(JobId jobId, int attempt, int border, ContentId checkpoint) implements JobFact {}
