package io.perigee.market.verification;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Quorum by credibility, for jobs without segments (Sarmenta 2001): how likely a group of equal answers is right, from
 * what each of its members has shown before. One more replica at a time until the best group is sure enough.
 */
public final class Credibility {
    /** δ: an answer may be wrong once in a thousand. */
    public static final BigDecimal DELTA = new BigDecimal("0.001");

    private static final MathContext PRECISION = MathContext.DECIMAL64;

    private Credibility() {}

    /** c = 1 − f/s after s passed checks, and 1 − f before the first; f is the share of faulty providers. */
    public static BigDecimal of(BigDecimal faultRate, int passed) {
        return BigDecimal.ONE.subtract(faultRate.divide(BigDecimal.valueOf(Math.max(1, passed)), PRECISION));
    }

    /**
     * Cr(g) = G(g)·Π B(h≠g) / (Π B + Σ G(j)·Π B(h≠j)), where G is the product of a group's credibilities and B that of
     * their complements.
     */
    public static BigDecimal ofGroup(String answer, Map<String, List<BigDecimal>> groups) {
        var right = onlyRight(answer, groups);
        var all = groups.keySet().stream()
                .map(each -> onlyRight(each, groups))
                .reduce(noneRight(groups), BigDecimal::add);
        return all.signum() == 0 ? BigDecimal.ZERO : right.divide(all, PRECISION);
    }

    /** Whether an answer can be accepted, or one more replica is needed. */
    public static boolean isSure(String answer, Map<String, List<BigDecimal>> groups) {
        return ofGroup(answer, groups).compareTo(BigDecimal.ONE.subtract(DELTA)) >= 0;
    }

    private static BigDecimal onlyRight(String answer, Map<String, List<BigDecimal>> groups) {
        var product = BigDecimal.ONE;
        for (var group : groups.entrySet()) {
            product = product.multiply(
                    group.getKey().equals(answer) ? good(group.getValue()) : bad(group.getValue()), PRECISION);
        }
        return product;
    }

    private static BigDecimal noneRight(Map<String, List<BigDecimal>> groups) {
        return groups.values().stream()
                .map(Credibility::bad)
                .reduce(BigDecimal.ONE, (a, b) -> a.multiply(b, PRECISION));
    }

    private static BigDecimal good(Collection<BigDecimal> members) {
        return members.stream().reduce(BigDecimal.ONE, (a, b) -> a.multiply(b, PRECISION));
    }

    private static BigDecimal bad(Collection<BigDecimal> members) {
        return members.stream()
                .map(BigDecimal.ONE::subtract)
                .reduce(BigDecimal.ONE, (a, b) -> a.multiply(b, PRECISION));
    }
}
