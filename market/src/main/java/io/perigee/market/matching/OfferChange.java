package io.perigee.market.matching;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ProviderId;

/** One change of what is offered. Applied in order, all of them together are the book of offers. */
public sealed interface OfferChange {
    /** A provider offers this, instead of what it offered before. */
    record Put(OfferView view) implements OfferChange {}

    /** So much of an offer is in use now. */
    record Used(ProviderId provider, int slots, int gpus) implements OfferChange {}

    /** An owner has so much free of its stake now, for all its offers. */
    record Staked(Address owner, Amount free) implements OfferChange {}

    /** A provider offers nothing any more. */
    record Gone(ProviderId provider) implements OfferChange {}
}
