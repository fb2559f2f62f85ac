package io.perigee.protocol.rest;

import io.perigee.protocol.id.ContentId;

/** Where an upload stands; continue at its offset. */
public record UploadView(String id, ContentId sha256, long size, long offset, boolean complete) {}
