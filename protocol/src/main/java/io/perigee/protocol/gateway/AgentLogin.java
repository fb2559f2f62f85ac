package io.perigee.protocol.gateway;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Origin;
import java.nio.charset.StandardCharsets;

/**
 * The text an agent's session key signs (EIP-191) to log in. It names the hub, and the origin that the agent connects to,
 * so a hub cannot reuse it elsewhere.
 */
public final class AgentLogin {
    private AgentLogin() {}

    public static byte[] message(Origin origin, Address hub, String nonce) {
        return "Perigee agent login\norigin: %s\nhub: %s\nnonce: %s"
                .formatted(origin, hub, nonce)
                .getBytes(StandardCharsets.UTF_8);
    }
}
