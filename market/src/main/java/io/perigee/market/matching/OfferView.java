package io.perigee.market.matching;

import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.id.Signature;
import io.perigee.protocol.message.SessionKey;
import io.perigee.protocol.offer.Offer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A provider that is online, as the matcher sees it.
 *
 * @param freeStake the owner's stake less the bonds of its open attempts; the same in every offer of the owner
 * @param usedSlots open attempts on this provider
 * @param usedGpus GPUs those attempts hold
 * @param reliability of a million attempts, how many are expected to end well; at least 1
 * @param asideUntil before this it is not asked, since it declined; null where it did not
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
        Standing standing,
        int reliability,
        @Nullable Instant asideUntil) {
    /** How long an offer is not asked that declined: who declines everything would use up what jobs may. */
    public static final Duration ASIDE = Duration.ofMinutes(5);

    /** Of which nobody has seen anything fail. */
    public static final int RELIABLE = 1_000_000;

    public OfferView {
        if (reliability < 1 || reliability > RELIABLE) {
            throw new IllegalArgumentException("Expected a reliability from 1 to a million, but got " + reliability);
        }
    }

    public OfferView(
            ProviderId provider,
            Address owner,
            SessionKey sessionKey,
            Signature sessionKeySignature,
            Offer offer,
            Amount freeStake,
            int usedSlots,
            int usedGpus,
            Decimal reputation,
            Standing standing) {
        this(
                provider,
                owner,
                sessionKey,
                sessionKeySignature,
                offer,
                freeStake,
                usedSlots,
                usedGpus,
                reputation,
                standing,
                RELIABLE);
    }

    public OfferView(
            ProviderId provider,
            Address owner,
            SessionKey sessionKey,
            Signature sessionKeySignature,
            Offer offer,
            Amount freeStake,
            int usedSlots,
            int usedGpus,
            Decimal reputation,
            Standing standing,
            int reliability) {
        this(
                provider,
                owner,
                sessionKey,
                sessionKeySignature,
                offer,
                freeStake,
                usedSlots,
                usedGpus,
                reputation,
                standing,
                reliability,
                null);
    }

    /** The same offer while so much of it is in use. */
    public OfferView using(int slots, int gpus) {
        return with(freeStake, slots, gpus, reputation, standing, reliability, asideUntil);
    }

    /** The same offer of an owner that has shown so much. */
    public OfferView shown(Decimal record) {
        return with(freeStake, usedSlots, usedGpus, record, standing, reliability, asideUntil);
    }

    /** The same offer of an owner that ends so many of a million attempts well, and was proven wrong or not. */
    public OfferView recorded(int ending, boolean convicted) {
        return with(
                freeStake,
                usedSlots,
                usedGpus,
                reputation,
                convicted && standing == Standing.GOOD ? Standing.CONVICTED : standing,
                ending,
                asideUntil);
    }

    /** The same offer, which has declined at an instant. */
    public OfferView declined(Instant at) {
        return with(freeStake, usedSlots, usedGpus, reputation, standing, reliability, at.plus(ASIDE));
    }

    /** From when on it can be asked, as far as it can be said now: its key has begun, and it is not left aside. */
    public Instant from() {
        var begins = Instant.ofEpochSecond(sessionKey.notBefore());
        return asideUntil == null || begins.isAfter(asideUntil) ? begins : asideUntil;
    }

    /** The same offer with another free stake of its owner. */
    public OfferView staked(Amount stake) {
        return with(stake, usedSlots, usedGpus, reputation, standing, reliability, asideUntil);
    }

    private OfferView with(
            Amount stake,
            int slots,
            int gpus,
            Decimal record,
            Standing itsStanding,
            int ending,
            @Nullable Instant aside) {
        return new OfferView(
                provider,
                owner,
                sessionKey,
                sessionKeySignature,
                offer,
                stake,
                slots,
                gpus,
                record,
                itsStanding,
                ending,
                aside);
    }
}
