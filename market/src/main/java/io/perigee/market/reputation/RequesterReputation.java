package io.perigee.market.reputation;

import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.id.Decimal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a builder has shown to those who ran its orders. Payment never depends on it: the escrow holds the money. It says
 * how far a machine's time may be risked on the builder's next image.
 *
 * @param fairness (H + 1) / (H + F + 1), H being the decayed orders it honoured and F those that were faulty or refused:
 *     1 for a newcomer, so nobody has to buy a record, and only what was proven takes from it
 * @param evidence what it rests on, each with its weight
 */
public record RequesterReputation(Decimal fairness, List<Weighed> evidence) {
    /** Below it a builder's jobs are given up at the first owner that finds them at fault. */
    public static final Decimal FAIR = Decimal.parse("0.5");

    private static final Set<OrderOutcomeKind> UNFAIR = Set.of(OrderOutcomeKind.FAULTY, OrderOutcomeKind.REFUSED);
    private static final long UNIT = 1_000_000;
    private static final int DIGITS = 4;

    /** @param weight parts per million */
    public record Weighed(OrderOutcome outcome, long weight) {}

    public RequesterReputation {
        evidence = List.copyOf(evidence);
    }

    /** Reads a builder's outcomes, in any order; they fade as those of providers do. */
    public static RequesterReputation of(List<OrderOutcome> outcomes, Instant now) {
        var evidence = outcomes.stream()
                .map(each -> new Weighed(each, Reputation.weight(each.at(), now)))
                .toList();
        long all = evidence.stream().mapToLong(Weighed::weight).sum();
        long unfair = evidence.stream()
                .filter(each -> UNFAIR.contains(each.outcome().kind()))
                .mapToLong(Weighed::weight)
                .sum();
        return new RequesterReputation(ratio(all - unfair + UNIT, all + UNIT), evidence);
    }

    public boolean isFair() {
        return fairness.compareTo(FAIR) >= 0;
    }

    /**
     * How many owners must have found a job at fault until it ends.
     *
     * @param usual the market's limit, for builders that are fair
     */
    public int crashLimit(int usual) {
        return isFair() ? usual : 1;
    }

    private static Decimal ratio(long part, long whole) {
        return Decimal.of(BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), DIGITS, RoundingMode.DOWN));
    }
}
