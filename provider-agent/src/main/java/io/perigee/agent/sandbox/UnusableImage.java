package io.perigee.agent.sandbox;

import io.perigee.protocol.id.ContentId;

/** The engine works, but can do nothing with this image: what is wrong with it is so on every machine. */
public final class UnusableImage extends EngineException {
    private static final long serialVersionUID = 1L;

    /** @param words the engine's */
    public UnusableImage(ContentId image, String words) {
        super("Expected an image that can be run, but the engine says of '%s': %s".formatted(image, words));
    }

    /** @param words the engine's */
    public UnusableImage(String words) {
        super("Expected an image that can be loaded, but the engine says: " + words);
    }
}
