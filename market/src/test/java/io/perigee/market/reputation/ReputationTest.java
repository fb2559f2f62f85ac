package io.perigee.market.reputation;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.OutcomeKind;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.sample.Parties;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReputationTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobId JOB = new JobId(UUID.fromString("01900000-0000-7000-8000-000000000001"));

    @Test
    void shouldStartWithNothingAndNeverReachOne() {
        assertThat(Reputation.of(List.of(), NOW).score()).hasToString("0");
        assertThat(Reputation.of(outcomes(10, OutcomeKind.VERIFIED, 0), NOW).score())
                .hasToString("0.8333");
        assertThat(Reputation.of(outcomes(1_000, OutcomeKind.VERIFIED, 0), NOW).score())
                .hasToString("0.998");
    }

    @Test
    void shouldSayHowManyJobsAScoreTakesAtLeast() {
        assertThat(Reputation.leastVerified(Decimal.ZERO)).isZero();
        assertThat(Reputation.leastVerified(Decimal.parse("0.83"))).isEqualTo(10);
        assertThat(Reputation.leastVerified(Decimal.parse("1"))).isEqualTo(Integer.MAX_VALUE);
        for (int jobs = 1; jobs < 100; jobs++) {
            var score =
                    Reputation.of(outcomes(jobs, OutcomeKind.VERIFIED, 0), NOW).score();
            assertThat(Reputation.leastVerified(score)).isEqualTo(jobs);
        }
    }

    @Test
    void shouldHalveWithTheHalfLife() {
        long half = Reputation.HALF_LIFE.toDays();
        assertThat(Reputation.weight(NOW, NOW)).isEqualTo(1_000_000);
        assertThat(Reputation.weight(ago(half / 2), NOW)).isEqualTo(750_000);
        assertThat(Reputation.weight(ago(half), NOW)).isEqualTo(500_000);
        assertThat(Reputation.weight(ago(3 * half), NOW)).isEqualTo(125_000);
        assertThat(Reputation.weight(ago(100 * half), NOW)).isZero();
        assertThat(Reputation.weight(NOW.plusSeconds(60), NOW)).isEqualTo(1_000_000);
    }

    @Test
    void shouldTakeACrashFromReliabilityAloneAndACheatFromHonesty() {
        // given
        var good = outcomes(20, OutcomeKind.VERIFIED, 30);
        var crashed = plus(good, outcomes(5, OutcomeKind.CRASHED, 1));
        var cheated = plus(crashed, outcomes(1, OutcomeKind.CHEATED, 0));

        // then
        assertThat(Reputation.of(crashed, NOW).honesty())
                .isEqualTo(Reputation.of(good, NOW).honesty());
        assertThat(Reputation.of(crashed, NOW).reliability())
                .isLessThan(Reputation.of(good, NOW).reliability());
        assertThat(Reputation.of(crashed, NOW).verified()).isEqualTo(20);
        assertThat(Reputation.of(cheated, NOW).score()).hasToString("0");
        assertThat(Reputation.of(cheated, NOW).verified()).isZero();
        assertThat(Reputation.of(cheated, NOW).cheats()).isEqualTo(1);
    }

    @Test
    void shouldCheckTheDoubtedLikeNewcomersAndLeaveOutWhoIsInDoubtAThirdTime() {
        // given
        var good = outcomes(1_000, OutcomeKind.VERIFIED, 30);
        var once = plus(good, outcomes(1, OutcomeKind.DOUBTED, 1));
        var twice = plus(good, outcomes(2, OutcomeKind.DOUBTED, 1));
        var thrice = plus(good, outcomes(3, OutcomeKind.DOUBTED, 1));
        var longAgo = plus(good, outcomes(3, OutcomeKind.DOUBTED, 61));

        // then
        assertThat(Reputation.of(once, NOW).verified()).isZero();
        assertThat(Reputation.of(once, NOW).honesty())
                .isEqualTo(Reputation.of(good, NOW).honesty());
        assertThat(Reputation.of(once, NOW).reliability())
                .isEqualTo(Reputation.of(plus(good, outcomes(1, OutcomeKind.CRASHED, 1)), NOW)
                        .reliability());
        assertThat(Reputation.of(twice, NOW).convicted()).isFalse();
        assertThat(Reputation.of(thrice, NOW).convicted()).isTrue();
        assertThat(Reputation.of(longAgo, NOW).convicted()).isFalse();
    }

    @Test
    void shouldExplainItselfWhateverTheOrderOfItsEvidence() {
        // given
        var outcomes = plus(outcomes(3, OutcomeKind.VERIFIED, 5), outcomes(2, OutcomeKind.CRASHED, 9));
        var shuffled = new ArrayList<>(outcomes);
        Collections.reverse(shuffled);

        // when
        var reputation = Reputation.of(outcomes, NOW);

        // then
        assertThat(reputation.evidence()).hasSize(5).allMatch(each -> each.weight() > 900_000);
        assertThat(Reputation.of(shuffled, NOW).score()).isEqualTo(reputation.score());
    }

    @Test
    void shouldCheckTheTrustedLessButNeverBelowTheFloorNorBelowWhatDeters() {
        var cost = Amount.of(80);
        assertThat(AdaptiveReplication.perMillion(9, cost, Amount.of(8_000))).isEqualTo(1_000_000);
        assertThat(AdaptiveReplication.perMillion(10, cost, Amount.of(8_000))).isEqualTo(100_000);
        assertThat(AdaptiveReplication.perMillion(5_000, cost, Amount.of(8_000)))
                .isEqualTo(50_000);
        assertThat(AdaptiveReplication.perMillion(5_000, cost, Amount.of(200))).isEqualTo(400_000);
        assertThat(AdaptiveReplication.perMillion(5_000, cost, Amount.of(79))).isEqualTo(1_000_000);
    }

    @Test
    void shouldReplicateAsOftenAsItSays() {
        // when
        long replicated = IntStream.range(0, 4_000)
                .filter(i -> AdaptiveReplication.replicates(50_000, Parties.digest("job " + i)))
                .count();

        // then
        assertThat(replicated).isBetween(140L, 260L);
    }

    private static List<Outcome> outcomes(int count, OutcomeKind kind, long daysAgo) {
        return Collections.nCopies(count, new Outcome(JOB, 0, kind, ago(daysAgo)));
    }

    private static List<Outcome> plus(List<Outcome> one, List<Outcome> other) {
        var all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    private static Instant ago(long days) {
        return NOW.minusSeconds(days * 86_400);
    }
}
