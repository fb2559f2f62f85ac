package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;

/** What the chain watcher saw of an account at a final block. */
public sealed interface AccountFact extends Fact
        permits AllotmentChanged, EpochChanged, StakeChanged, ProviderRegistered, SessionKeyRevoked {
    String TOPIC = "perigee.accounts";

    Address account();

    @Override
    default String key() {
        return account().value();
    }

    @Override
    default String topic() {
        return TOPIC;
    }
}
