package io.perigee.api.artifact;

import io.perigee.protocol.id.ContentId;
import java.util.UUID;

/** What somebody announced to send. */
public record Upload(UUID id, String subject, ContentId content, long size, String mediaType, boolean complete) {}
