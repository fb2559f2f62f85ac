package io.perigee.settlement.intent;

import java.time.Duration;

/**
 * How patient the writer is.
 *
 * @param confirmations blocks on top of a transaction's block before it counts
 * @param maxInFlight signed and not yet confirmed, at most
 * @param bumpAfter a transaction not mined after so long is replaced by one that pays more
 * @param rebroadcast a transaction not mined is handed over again so often
 * @param parkFirst the first wait before a parked purpose is tried again; it doubles with every try
 * @param parkLongest the longest such wait
 */
public record WriterLimits(
        int confirmations,
        int maxInFlight,
        Duration bumpAfter,
        Duration rebroadcast,
        Duration parkFirst,
        Duration parkLongest) {

    /** How long to wait after so many tries. */
    Duration parkFor(int tries) {
        var wait = parkFirst.multipliedBy(1L << Math.min(tries, 20));
        return wait.compareTo(parkLongest) > 0 ? parkLongest : wait;
    }
}
