package io.perigee.settlement.reservation;

import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.fact.JobSubmitted;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.spec.SpecHash;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an order must say before its money is reserved here. Pure; the front door has asked the same, but whoever
 * promises money asks again.
 *
 * @param window W of the escrow
 * @param maxOrder the longest life of an order
 */
public record OrderTerms(Domain domain, Address hub, Address token, Duration window, Duration maxOrder) {
    /** How far builder's and hub's clocks may be apart. */
    private static final Duration SKEW = Duration.ofMinutes(2);

    /** Why the order cannot be funded, whatever its builder has; empty when it can. */
    public Optional<Rejected> refuse(JobSubmitted submitted, Instant now) {
        var order = submitted.order();
        if (!order.hub().equals(hub)) {
            return rejected(
                    ErrorCode.WRONG_HUB, "an order for hub %s".formatted(hub), "it names %s".formatted(order.hub()));
        }
        if (!order.token().equals(token)) {
            return rejected(
                    ErrorCode.UNSUPPORTED,
                    "an order in token %s".formatted(token),
                    "it names %s".formatted(order.token()));
        }
        if (!order.jobId().equals(submitted.jobId())) {
            return rejected(
                    ErrorCode.ORDER_MISMATCH,
                    "an order for job '%s'".formatted(submitted.jobId()),
                    "it names '%s'".formatted(order.jobId()));
        }
        if (!order.specHash().equals(SpecHash.of(submitted.spec()))) {
            return rejected(ErrorCode.ORDER_MISMATCH, "an order for the submitted spec", "it names another spec hash");
        }
        if (order.maxPayment().isZero()) {
            return rejected(ErrorCode.PRICE_TOO_LOW, "an order that may cost something", "its maximum is 0");
        }
        return refuseTimes(submitted, now);
    }

    private Optional<Rejected> refuseTimes(JobSubmitted submitted, Instant now) {
        var order = submitted.order();
        long longest = maxOrder.toSeconds();
        if (order.deadline() - order.validAfter() > longest) {
            return rejected(
                    ErrorCode.ORDER_MISMATCH,
                    "an order of at most %d s".formatted(longest),
                    "it lives %d s".formatted(order.deadline() - order.validAfter()));
        }
        if (order.validAfter() > now.plus(SKEW).getEpochSecond()) {
            return rejected(
                    ErrorCode.ORDER_MISMATCH,
                    "an order that is valid now",
                    "it is valid after %s".formatted(Instant.ofEpochSecond(order.validAfter())));
        }
        var deadlines = submitted.spec().deadlines();
        long needed = deadlines.run() + (long) deadlines.upload() + window.toSeconds();
        long left = order.deadline() - now.getEpochSecond();
        if (left < needed) {
            return rejected(
                    ErrorCode.ORDER_EXPIRED,
                    "an order with %d s left for one run, its upload and W".formatted(needed),
                    left < 0
                            ? "its deadline is %d s over by the chain's clock".formatted(-left)
                            : "its deadline is in %d s".formatted(left));
        }
        return Optional.empty();
    }

    private static Optional<Rejected> rejected(ErrorCode code, String expected, String fact) {
        return Optional.of(new Rejected(code, "Expected %s, but %s".formatted(expected, fact)));
    }
}
