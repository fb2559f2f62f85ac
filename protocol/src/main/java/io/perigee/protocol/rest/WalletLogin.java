package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import java.nio.charset.StandardCharsets;

/** The text a wallet signs (EIP-191) to sign in. Clients build it themselves and never sign a text they were sent. */
public final class WalletLogin {
    private WalletLogin() {}

    public static byte[] message(Address hub, Address address, String nonce) {
        return "Perigee sign in\nhub: %s\naddress: %s\nnonce: %s"
                .formatted(hub, address, nonce)
                .getBytes(StandardCharsets.UTF_8);
    }
}
