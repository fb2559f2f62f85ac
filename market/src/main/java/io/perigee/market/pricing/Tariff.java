package io.perigee.market.pricing;

/** What a job's work is counted in. */
public sealed interface Tariff {

    /** Trained tokens, at the offer's price for a million. */
    record Tokens(long count) implements Tariff {}

    /** The run deadline's seconds, at the offer's price for an hour: nobody can know sooner how long it takes. */
    record Seconds(long count) implements Tariff {}
}
