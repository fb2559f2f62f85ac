package io.perigee.protocol.fact;

import io.perigee.protocol.id.ProviderId;

/** A provider left, or missed its heartbeats. */
public record ProviderOffline(ProviderId provider, String reason) implements ProviderFact {}
