package io.perigee.protocol.rest;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;

/**
 * A trainer the hub offers by name.
 *
 * @param image digest of its OCI image config
 * @param archive its docker-archive in the artifact store, readable by everybody
 */
public record TrainerInfo(String name, ContentId image, ContentId archive, Digest numericClass) {}
