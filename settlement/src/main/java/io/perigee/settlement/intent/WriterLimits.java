package io.perigee.settlement.intent;

import java.time.Duration;

/**
 * How patient the writer is.
 *
 * @param confirmations blocks on top of a transaction's block before it counts
 * @param maxInFlight signed and not yet mined, at most
 * @param answerSlots so many of them are kept for answers to demands, which have a window and cost a bond when they are late
 * @param bumpAfter a transaction not mined after so long is replaced by one that pays more, should that help
 * @param rebroadcast a transaction not mined is handed over again so often
 * @param parkFirst the first wait before a parked purpose is tried again; it doubles with every try
 * @param parkLongest the longest such wait
 * @param giveUpMargin nothing is signed that the contract takes no more so soon: it might be mined too late
 */
public record WriterLimits(
        int confirmations,
        int maxInFlight,
        int answerSlots,
        Duration bumpAfter,
        Duration rebroadcast,
        Duration parkFirst,
        Duration parkLongest,
        Duration giveUpMargin) {
    private static final int UNTAKEN_BUMPS = 10;
    private static final int UNCONFIRMED_FOR_EACH = 32;

    public WriterLimits {
        if (answerSlots < 0 || answerSlots >= maxInFlight) {
            throw new IllegalArgumentException(
                    "Expected to keep fewer slots for answers than the %d in flight, but got %d"
                            .formatted(maxInFlight, answerSlots));
        }
        if (giveUpMargin.isNegative()) {
            throw new IllegalArgumentException(
                    "Expected to sign nothing that ends in a margin of 0 s or more, but got " + giveUpMargin);
        }
    }

    /** Signed and not yet confirmed, at most: those that are mined are looked at until their blocks count. */
    int maxUnconfirmed() {
        return maxInFlight * UNCONFIRMED_FOR_EACH;
    }

    /** So long, by the chain's time, bytes are handed over that no node has ever taken; then their nonce is voided. */
    Duration untakenFor() {
        return bumpAfter.multipliedBy(UNTAKEN_BUMPS);
    }

    /** How long to wait after so many tries. */
    Duration parkFor(int tries) {
        var wait = parkFirst.multipliedBy(1L << Math.min(tries, 20));
        return wait.compareTo(parkLongest) > 0 ? parkLongest : wait;
    }
}
