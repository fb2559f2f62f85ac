package io.perigee.settlement.intent;

import io.perigee.settlement.chain.FeeQuote;
import io.perigee.settlement.chain.Fees;
import java.math.BigInteger;
import java.util.Optional;

/**
 * How much is offered for gas. Pure.
 *
 * <p>A replacement raises both fees by an eighth, rounded up: Geth asks for 10 %, Besu looks at the priority fee alone
 * and reth refuses exactly 10 %, so less than that on either of them would leave a transaction stuck somewhere.
 *
 * @param floor the least priority fee, in wei
 * @param cap the most that is ever paid for a unit of gas, in wei
 */
public record FeePolicy(BigInteger floor, BigInteger cap) {
    private static final BigInteger EIGHT = BigInteger.valueOf(8);

    public FeePolicy {
        if (floor.signum() < 0 || cap.compareTo(floor) < 0) {
            throw new IllegalArgumentException(
                    "Expected to hold a fee floor of at most the cap, but got %s above %s".formatted(floor, cap));
        }
    }

    /** Twice the base fee and the tip: six full blocks in a row do not price it out. Never above the cap. */
    public Fees first(FeeQuote quote) {
        var priority = quote.tip().max(floor).min(cap);
        var max = quote.baseFee().shiftLeft(1).add(priority).min(cap);
        return new Fees(max, priority);
    }

    /** Whether what was offered still pays the next block's base fee and the tip that others give, as far as the cap allows. */
    public boolean fits(Fees last, FeeQuote quote) {
        var priority = quote.tip().max(floor).min(cap);
        return quote.baseFee().add(priority).min(cap).compareTo(last.max()) <= 0;
    }

    /** Both fees raised by at least an eighth, or empty when that would pass the cap. */
    public Optional<Fees> bump(Fees last, FeeQuote quote) {
        var fresh = first(quote);
        var priority = eighthMore(last.priority()).max(fresh.priority());
        var max = eighthMore(last.max()).max(fresh.max()).max(priority);
        return max.compareTo(cap) > 0 ? Optional.empty() : Optional.of(new Fees(max, priority));
    }

    private static BigInteger eighthMore(BigInteger fee) {
        return fee.add(fee.add(BigInteger.valueOf(7)).divide(EIGHT)).max(BigInteger.ONE);
    }
}
