package io.perigee.protocol.rest;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.offer.Offer;
import java.time.Instant;

/** A provider as everybody sees it. */
public record ProviderView(ProviderId provider, Address owner, boolean online, Offer offer, Instant lastSeen) {}
