package io.perigee.agent.sandbox;

import io.perigee.protocol.id.ContentId;
import java.io.InputStream;

/** The images an engine holds. Images are named by their OCI config digest and nothing else. */
public interface ImageStore {

  boolean has(ContentId image);

  /**
   * Loads a docker-archive. The stream must already be one the agent trusts to name no tags (see {@link ImageArchive}).
   *
   * @throws EngineException when the engine refuses it
   */
  void load(InputStream archive);
}
