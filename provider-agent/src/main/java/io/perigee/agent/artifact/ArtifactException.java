package io.perigee.agent.artifact;

import java.io.IOException;

/** An artifact cannot be had or stored. */
public final class ArtifactException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    /** @param lasting whether trying again can not help */
    public ArtifactException(String message, boolean lasting) {
        super(message);
        this.lasting = lasting;
    }

    public boolean lasting() {
        return lasting;
    }
}
