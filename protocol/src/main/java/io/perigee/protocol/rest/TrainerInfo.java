package io.perigee.protocol.rest;

import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A trainer the hub offers by name.
 *
 * @param image digest of its OCI image config
 * @param archive its docker-archive in the artifact store, readable by everybody; null when providers bring the image
 *     themselves
 * @param numericClass the one class of its results on every machine; null when each machine has a class of its own,
 *     which its agent asks the image for
 */
public record TrainerInfo(
        String name,
        ContentId image,
        @Nullable ContentId archive,
        @Nullable Digest numericClass) {}
