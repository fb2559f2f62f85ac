package io.perigee.protocol.fact;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;

/** A provider proved its session key and offers capacity; repeated whenever the offer changes. */
public record ProviderOnline(
        ProviderId provider, Address owner, SessionKey sessionKey, Signature ownerSignature, Offer offer)
        implements ProviderFact {}
