package io.perigee.cli.job;

import io.perigee.cli.view.JobStory.Money;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.Quote;

/** How a job's work will be proven, and what that costs, in words. */
final class Proof {
    private Proof() {}

    static String how(Quote quote) {
        return switch (quote.spec().verification().policy()) {
            case REPLICATE ->
                "%d replicas by distinct owners, %d must agree bit for bit".formatted(quote.replicas(), quote.quorum());
            case AUDIT ->
                "one run; 2 segments drawn after it is sealed (4 of a newcomer's) and the last are run again by at least %d other owners"
                        .formatted(quote.quorum());
            case FULL_AUDIT ->
                "one run; every one of its %d segments is run again, by at least %d other owners"
                        .formatted(quote.borders(), quote.quorum());
        };
    }

    static String price(Quote quote, Money money) {
        var one = money.of(quote.pricePerReplica());
        var most = money.of(quote.maximum());
        return switch (quote.spec().verification().policy()) {
            case REPLICATE -> "%s a replica; %s if one more is needed to settle a dispute".formatted(one, most);
            case AUDIT, FULL_AUDIT ->
                "%s the run, and auditors by the segment; %s if the first run falls and the next is disputed"
                        .formatted(one, most);
        };
    }

    /** What keeps an order's maximum: by epoch nothing does unless somebody looks. */
    static String limit(JobOrder order) {
        return order.direct()
                ? "in the order you sign: the escrow pays no more for it"
                : "in the order you sign: an epoch that takes more for it falls when anybody challenges it in time";
    }
}
