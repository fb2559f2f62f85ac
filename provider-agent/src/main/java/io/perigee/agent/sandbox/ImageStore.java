package io.perigee.agent.sandbox;

import io.perigee.protocol.id.ContentId;
import java.io.InputStream;
import java.util.Set;

/** The images an engine holds. Images are named by their OCI config digest and nothing else. */
public interface ImageStore {

    boolean has(ContentId image);

    /**
     * The volumes an image declares: each would be a writable directory on the provider's disk without any bound.
     *
     * @throws EngineException when the engine does not have the image
     */
    Set<String> volumes(ContentId image);

    /**
     * Loads a docker-archive. The stream must already be one the agent trusts to name no tags (see {@link io.perigee.image.ImageArchive}).
     *
     * @throws UnusableImage when the engine refuses it for what it is
     * @throws EngineException when the engine cannot load it
     */
    void load(InputStream archive);

    /** Bytes that an image takes, layers it shares with others included; 0 when the engine does not have it. */
    long size(ContentId image);

    /** Removes an image unless a container, running or not, is of it; true when the engine no longer has it. */
    boolean remove(ContentId image);
}
