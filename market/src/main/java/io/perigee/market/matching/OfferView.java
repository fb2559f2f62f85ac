package io.perigee.market.matching;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;

/**
 * A provider that is online, as the matcher sees it.
 *
 * @param freeStake the owner's stake less the bonds of its open attempts
 * @param usedSlots open attempts on this provider
 * @param usedGpus GPUs those attempts hold
 */
public record OfferView(
        ProviderId provider,
        Address owner,
        SessionKey sessionKey,
        Signature sessionKeySignature,
        Offer offer,
        Amount freeStake,
        int usedSlots,
        int usedGpus,
        Decimal reputation,
        Standing standing) {}
