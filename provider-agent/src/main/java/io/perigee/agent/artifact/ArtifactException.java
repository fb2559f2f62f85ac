package io.perigee.agent.artifact;

import java.io.IOException;

/** An artifact cannot be had or stored. */
public final class ArtifactException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean lasting;
    private final boolean tooLarge;

    /** @param lasting whether trying again can not help */
    public ArtifactException(String message, boolean lasting) {
        this(message, lasting, false);
    }

    private ArtifactException(String message, boolean lasting, boolean tooLarge) {
        super(message);
        this.lasting = lasting;
        this.tooLarge = tooLarge;
    }

    /** It has more bytes than are accepted. */
    static ArtifactException tooLarge(String message) {
        return new ArtifactException(message, true, true);
    }

    public boolean tooLarge() {
        return tooLarge;
    }

    public boolean lasting() {
        return lasting;
    }
}
