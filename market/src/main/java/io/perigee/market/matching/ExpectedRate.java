package io.perigee.market.matching;

import io.perigee.market.pricing.Tariff;
import java.math.BigInteger;

/**
 * What so much work as a price is for is expected to cost with an offer, until one attempt ends well: its price over its reliability. It
 * is one number per version of an offer, so one order of offers serves every job.
 *
 * <p>A price that is next to nothing would outweigh any reliability: who ends less than one attempt in four well comes after
 * everybody else, whatever it asks.
 *
 * <p>How long it takes there is part of the price: tokens are priced as such, and seconds are the deadline's.
 *
 * <p>This orders offers and is no money: what is owed is computed from the price, in whole units. Doubles order sums
 * of any size, and IEEE 754 makes everybody compute the same ones. Prices below 2^53 are exact.
 */
final class ExpectedRate {
    /** Up to here every whole number is a double. */
    static final long EXACT = 1L << 53;

    /** Of a million attempts, fewer than so many end well: nobody whom others could take the place of. */
    static final int LEAST = OfferView.RELIABLE / 4;

    /** More than any price is of any other: prices are below 2^256, and a reliability makes them 2^20 times as much at most. */
    private static final double BEHIND_ALL = 0x1p300;

    private ExpectedRate() {}

    static double of(OfferView view, Tariff tariff) {
        return of(tariff.price(view.offer()).value(), view.reliability());
    }

    /** Never falls when the price rises or the reliability falls. */
    static double of(BigInteger price, int reliability) {
        double exact = price.doubleValue();
        if (reliability == OfferView.RELIABLE) {
            return exact;
        }
        double rate = exact * OfferView.RELIABLE / reliability;
        return reliability >= LEAST ? rate : (rate + 1) * BEHIND_ALL;
    }
}
