package io.perigee.market.pricing;

import io.perigee.protocol.id.Amount;
import io.perigee.protocol.offer.Offer;

/** What a job's work is counted in. */
public sealed interface Tariff {
    /** How much of it. */
    long count();

    /** How much of it an offer's price is for. */
    long per();

    /** What an offer asks for that much. */
    Amount price(Offer offer);

    /** Trained tokens, at the offer's price for a million. */
    record Tokens(long count) implements Tariff {
        @Override
        public long per() {
            return 1_000_000;
        }

        @Override
        public Amount price(Offer offer) {
            return offer.perMillionTokens();
        }
    }

    /** The run deadline's seconds, at the offer's price for an hour: nobody can know sooner how long it takes. */
    record Seconds(long count) implements Tariff {
        @Override
        public long per() {
            return 3_600;
        }

        @Override
        public Amount price(Offer offer) {
            return offer.perHour();
        }
    }
}
