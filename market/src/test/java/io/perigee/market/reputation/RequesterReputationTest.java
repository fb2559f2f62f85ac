package io.perigee.market.reputation;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.fact.OrderOutcomeKind;
import io.perigee.protocol.id.JobId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequesterReputationTest {
    private static final int USUAL = 3;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobId JOB = new JobId(UUID.fromString("01900000-0000-7000-8000-000000000001"));

    @Test
    void shouldTrustANewcomerUntilItHasShownOtherwise() {
        assertThat(of(List.of()).fairness()).hasToString("1");
        assertThat(of(List.of()).crashLimit(USUAL)).isEqualTo(USUAL);
        assertThat(of(outcomes(100, OrderOutcomeKind.HONOURED, 0)).fairness()).hasToString("1");
    }

    @Test
    void shouldForgiveOneBadImageAndRiskLittleOnTheNextOfWhoSendsThemAgain() {
        assertThat(of(outcomes(1, OrderOutcomeKind.FAULTY, 0)).crashLimit(USUAL))
                .isEqualTo(USUAL);
        assertThat(of(outcomes(2, OrderOutcomeKind.FAULTY, 0)).crashLimit(USUAL))
                .isEqualTo(1);
        assertThat(of(plus(outcomes(20, OrderOutcomeKind.HONOURED, 5), outcomes(5, OrderOutcomeKind.FAULTY, 0)))
                        .isFair())
                .isTrue();
    }

    /** The builder that refuses everything is paid for all the same, and is known by it. */
    @Test
    void shouldCountAResultThatHeldAgainstWhoRefusedIt() {
        var refuser = of(outcomes(3, OrderOutcomeKind.REFUSED, 0));
        assertThat(refuser.fairness()).hasToString("0.25");
        assertThat(refuser.isFair()).isFalse();
    }

    @Test
    void shouldForgetWithTheHalfLifeAndExplainItself() {
        // given
        var old = plus(outcomes(3, OrderOutcomeKind.FAULTY, 360), outcomes(1, OrderOutcomeKind.HONOURED, 0));
        var shuffled = new ArrayList<>(old);
        Collections.reverse(shuffled);

        // when
        var reputation = of(old);

        // then three faults of four half-lives ago weigh 3/16
        assertThat(reputation.fairness()).hasToString("0.9142");
        assertThat(reputation.fairness()).isEqualTo(of(shuffled).fairness());
        assertThat(reputation.evidence())
                .extracting(RequesterReputation.Weighed::weight)
                .containsExactly(62_500L, 62_500L, 62_500L, 1_000_000L);
    }

    private static RequesterReputation of(List<OrderOutcome> outcomes) {
        return RequesterReputation.of(outcomes, NOW);
    }

    private static List<OrderOutcome> plus(List<OrderOutcome> some, List<OrderOutcome> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private static List<OrderOutcome> outcomes(int count, OrderOutcomeKind kind, long daysAgo) {
        return IntStream.range(0, count)
                .mapToObj(i -> new OrderOutcome(JOB, kind, NOW.minusSeconds(86_400 * daysAgo)))
                .toList();
    }
}
