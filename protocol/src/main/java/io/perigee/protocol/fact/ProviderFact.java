package io.perigee.protocol.fact;

import io.perigee.protocol.id.ProviderId;

/** What the gateway saw of a provider. */
public sealed interface ProviderFact extends Fact permits ProviderOffline, ProviderOnline {
    String TOPIC = "perigee.providers";

    ProviderId provider();

    @Override
    default String key() {
        return provider().value();
    }

    @Override
    default String topic() {
        return TOPIC;
    }
}
