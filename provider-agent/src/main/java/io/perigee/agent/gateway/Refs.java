package io.perigee.agent.gateway;

import io.perigee.protocol.id.Digest;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Refs that a restarted agent makes again, so that a repeated message is the same message. */
public final class Refs {
    private Refs() {}

    /** @param what the kind of message and, where it has one, its border: "commit-3" */
    public static UUID of(Digest assignmentHash, String what) {
        return UUID.nameUUIDFromBytes((assignmentHash + "/" + what).getBytes(StandardCharsets.UTF_8));
    }
}
