package io.perigee.market;

import java.time.Duration;

/**
 * The numbers a hub chooses. They are configuration: the rules read them and never know where they came from.
 *
 * @param windowSeconds W of the escrow: how long a credit matures, and what an order must outlive its last lease by
 * @param maxOrderSeconds the longest an order may live, as the escrow says
 * @param acceptTimeout how long a provider has to take an assignment
 * @param closingTimeout how long providers have to open a prefix when a job ends early
 * @param crashLimit how many distinct owners must have seen a job crash or run out of memory until it fails for it
 * @param attemptsPerOwner how often one owner may be tried for one job when it declines, yields or falls silent
 * @param maxAttempts how many assignments one job may use up in all
 * @param bondPercent a provider's bond for an attempt, in percent of the attempt's price
 * @param drawTimeout how long the block that draws the audited segments may stay unknown at least, until all are audited
 * @param reopenings how often an audited job goes to another provider after one was found wrong
 */
public record MarketPolicy(
        long windowSeconds,
        long maxOrderSeconds,
        Duration acceptTimeout,
        Duration closingTimeout,
        int crashLimit,
        int attemptsPerOwner,
        int maxAttempts,
        int bondPercent,
        Duration drawTimeout,
        int reopenings) {
    public MarketPolicy {
        atLeast("windowSeconds", windowSeconds, 1);
        atLeast("maxOrderSeconds", maxOrderSeconds, 1);
        atLeast("acceptTimeout", acceptTimeout.toSeconds(), 1);
        atLeast("closingTimeout", closingTimeout.toSeconds(), 1);
        atLeast("crashLimit", crashLimit, 1);
        atLeast("attemptsPerOwner", attemptsPerOwner, 1);
        atLeast("maxAttempts", maxAttempts, 1);
        atLeast("bondPercent", bondPercent, 0);
        atLeast("drawTimeout", drawTimeout.toSeconds(), 1);
        atLeast("reopenings", reopenings, 0);
    }

    /** The shipped defaults, for an escrow's window and longest order. */
    public static MarketPolicy standard(long windowSeconds, long maxOrderSeconds) {
        return new MarketPolicy(
                windowSeconds,
                maxOrderSeconds,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                3,
                2,
                32,
                100,
                Duration.ofMinutes(10),
                3);
    }

    /** The same, giving a job up when so many owners find it at fault. */
    public MarketPolicy giveUpAt(int owners) {
        return owners == crashLimit
                ? this
                : new MarketPolicy(
                        windowSeconds,
                        maxOrderSeconds,
                        acceptTimeout,
                        closingTimeout,
                        owners,
                        attemptsPerOwner,
                        maxAttempts,
                        bondPercent,
                        drawTimeout,
                        reopenings);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("Expected %s of at least %d, but got %d".formatted(name, least, value));
        }
    }
}
