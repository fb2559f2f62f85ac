package io.perigee.protocol.gateway;

import io.perigee.protocol.id.Address;
import java.nio.charset.StandardCharsets;

/** The text an agent's session key signs (EIP-191) to log in. It names the hub, so a hub cannot reuse it elsewhere. */
public final class AgentLogin {
    private AgentLogin() {}

    public static byte[] message(Address hub, String nonce) {
        return "Perigee agent login\nhub: %s\nnonce: %s".formatted(hub, nonce).getBytes(StandardCharsets.UTF_8);
    }
}
