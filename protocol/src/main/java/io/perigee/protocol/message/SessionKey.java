package io.perigee.protocol.message;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.ProviderId;

/**
 * The owner lets a key speak for a provider towards one hub; signed by the owner's wallet.
 *
 * @param key address of the agent's key, which never holds money
 * @param serial grows with every key; revoking burns a serial for later assignments only
 * @param notBefore epoch seconds
 * @param expiresAt epoch seconds; the last second that it is good in, here as in the contracts
 */
public record SessionKey(
        Address owner, ProviderId provider, Address key, Address hub, int serial, long notBefore, long expiresAt)
        implements Signed {
    private static final Digest TYPE = Domain.type(
            "SessionKey(address owner,bytes32 provider,address key,address hub,uint32 serial,uint64 notBefore,"
                    + "uint64 expiresAt)");

    public SessionKey {
        Unsigned.require("serial", serial);
        Unsigned.require("notBefore", notBefore);
        Unsigned.require("expiresAt", expiresAt);
    }

    @Override
    public Digest structHash() {
        return new AbiWords()
                .digest(TYPE)
                .address(owner)
                .provider(provider)
                .address(key)
                .address(hub)
                .number(serial)
                .number(notBefore)
                .number(expiresAt)
                .keccak();
    }
}
