package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Origin;
import java.nio.charset.StandardCharsets;

/**
 * The text a wallet signs (EIP-191) to sign in. Clients build it themselves, from the origin that they connect to, and
 * never sign a text they were sent: one hub's challenge, handed on by another, is then signed for the other.
 */
public final class WalletLogin {
    private WalletLogin() {}

    public static byte[] message(Origin origin, Address hub, Address address, String nonce) {
        return "Perigee sign in\norigin: %s\nhub: %s\naddress: %s\nnonce: %s"
                .formatted(origin, hub, address, nonce)
                .getBytes(StandardCharsets.UTF_8);
    }
}
