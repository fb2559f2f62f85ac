package io.perigee.protocol.rest;

import io.perigee.protocol.id.ContentId;

/** Opens an upload; one that is already stored answers complete at once. */
public record UploadRequest(ContentId sha256, long size, String mediaType) {}
