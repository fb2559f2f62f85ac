package io.perigee.api.gateway;

import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.message.SessionKey;
import java.util.Optional;

/** Asks the chain who owns a provider; a provider's id says nothing about it by itself. Blocks. */
public interface ProviderRegistry {
    /** Why this key may not speak, if so: the owner did not register the provider, or has revoked the key's serial. */
    Optional<Rejected> refusal(SessionKey key);
}
