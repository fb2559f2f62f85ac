package io.perigee.market.reputation;

import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Decimal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Two ledgers over one field. Honesty counts what was verified since the last proven cheat; reliability counts what was
 * finished against what was dropped, and a crash never touches honesty. Both fade, so that an old record does not carry
 * a sold account for ever. A doubt is a crash that may have been a cheat: it is checked like a newcomer after one, and is
 * out once there are more than chance would bring.
 *
 * @param verified verified outcomes since the last cheat or doubt, undecayed: what decides how often it is checked
 * @param honesty V / (V + 2), V being the decayed verified outcomes: 0 for a newcomer, 1 never reached
 * @param reliability (V + 1) / (V + L + 1), L being the decayed crashes and doubts
 * @param evidence what it rests on, each with its weight
 */
public record Reputation(int verified, int cheats, Decimal honesty, Decimal reliability, List<Weighed> evidence) {
    /** An outcome counts half after this. */
    public static final Duration HALF_LIFE = Duration.ofDays(90);

    private static final long UNIT = 1_000_000;
    private static final int MILLIONTHS = 6;
    private static final int PRIOR = 2;

    /**
     * Doubts that may be bad luck. With k segments drawn a silence hides less than 1/k of a job that was forged and accepted
     * before it: 1/2, and 1/4 for each as a newcomer, are one job until the third.
     */
    private static final long DOUBTS = 2;

    private static final int DIGITS = 4;

    /** @param weight parts per million */
    public record Weighed(Outcome outcome, long weight) {}

    public Reputation {
        evidence = List.copyOf(evidence);
    }

    /** Reads a field's outcomes, in any order. */
    public static Reputation of(List<Outcome> outcomes, Instant now) {
        var lastCheat = last(outcomes, Set.of(OutcomeKind.CHEATED));
        var lastDoubt = last(outcomes, Set.of(OutcomeKind.CHEATED, OutcomeKind.DOUBTED));
        var evidence = outcomes.stream()
                .map(each -> new Weighed(each, counts(each, lastCheat) ? weight(each.at(), now) : 0))
                .toList();
        long verified = sum(evidence, OutcomeKind.VERIFIED);
        long crashed = sum(evidence, OutcomeKind.CRASHED) + sum(evidence, OutcomeKind.DOUBTED);
        int since = (int) outcomes.stream()
                .filter(each -> each.kind() == OutcomeKind.VERIFIED && each.at().isAfter(lastDoubt))
                .count();
        int cheats = (int) outcomes.stream()
                .filter(each -> each.kind() == OutcomeKind.CHEATED)
                .count();
        return new Reputation(
                since,
                cheats,
                ratio(verified, verified + PRIOR * UNIT),
                ratio(verified + UNIT, verified + crashed + UNIT),
                evidence);
    }

    /** What a job's minimum is compared with: honest and reliable, both. */
    public Decimal score() {
        return Decimal.of(honesty.number().multiply(reliability.number()).setScale(DIGITS, RoundingMode.DOWN));
    }

    /** Of a million attempts, how many are expected to end well; at least 1. */
    public int endingOfMillion() {
        return Math.max(1, reliability.number().movePointRight(MILLIONTHS).intValue());
    }

    /** Whether its last cheat still weighs over a half, for a half-life after it, or its doubts more than two. */
    public boolean convicted() {
        return sum(evidence, OutcomeKind.DOUBTED) > DOUBTS * UNIT
                || evidence.stream()
                        .anyMatch(each -> each.outcome().kind() == OutcomeKind.CHEATED && each.weight() > UNIT / 2);
    }

    /** How many verified outcomes since its last cheat whoever has at least such a score has at least: V / (V + 2) ≥ score. */
    public static int leastVerified(Decimal score) {
        var wanted = score.number();
        if (wanted.signum() <= 0) {
            return 0;
        }
        return wanted.compareTo(BigDecimal.ONE) >= 0
                ? Integer.MAX_VALUE
                : wanted.multiply(BigDecimal.valueOf(PRIOR))
                        .divide(BigDecimal.ONE.subtract(wanted), 0, RoundingMode.CEILING)
                        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                        .intValueExact();
    }

    /** A cheat wipes what was verified before it, and never what crashed. */
    private static boolean counts(Outcome outcome, Instant lastCheat) {
        return outcome.kind() != OutcomeKind.VERIFIED || outcome.at().isAfter(lastCheat);
    }

    /** Halves with each half-life, and falls in a straight line between; what lies ahead by a skewed clock counts whole. */
    static long weight(Instant at, Instant now) {
        long age = Math.max(0, Duration.between(at, now).toSeconds());
        long halvings = age / HALF_LIFE.toSeconds();
        long within = age % HALF_LIFE.toSeconds();
        long whole = halvings > 20 ? 0 : UNIT >> halvings;
        return whole - whole * within / (2 * HALF_LIFE.toSeconds());
    }

    private static long sum(List<Weighed> evidence, OutcomeKind kind) {
        return evidence.stream()
                .filter(each -> each.outcome().kind() == kind)
                .mapToLong(Weighed::weight)
                .sum();
    }

    private static Instant last(List<Outcome> outcomes, Set<OutcomeKind> kinds) {
        return outcomes.stream()
                .filter(each -> kinds.contains(each.kind()))
                .map(Outcome::at)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    private static Decimal ratio(long part, long whole) {
        return Decimal.of(BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), DIGITS, RoundingMode.DOWN));
    }
}
