package io.perigee.market.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CredibilityTest {
    private static final BigDecimal FAULTS = new BigDecimal("0.1");

    @Test
    void shouldGrowWithPassedChecks() {
        assertThat(Credibility.of(FAULTS, 0)).isEqualByComparingTo("0.9");
        assertThat(Credibility.of(FAULTS, 100)).isEqualByComparingTo("0.999");
    }

    @Test
    void shouldNeedFewerReplicasOfThoseWhoHaveShownMore() {
        assertThat(Credibility.isSure("x", Map.of("x", of(0, 1)))).isFalse();
        assertThat(Credibility.isSure("x", Map.of("x", of(0, 2)))).isFalse();
        assertThat(Credibility.isSure("x", Map.of("x", of(0, 4)))).isTrue();
        assertThat(Credibility.isSure("x", Map.of("x", of(100, 1)))).isTrue();
    }

    @Test
    void shouldBeLessSureOfAnAnswerThatIsContradicted() {
        // given
        var groups = Map.of("x", of(100, 1), "y", of(0, 1));

        // then
        assertThat(Credibility.ofGroup("x", groups)).isLessThan(Credibility.of(FAULTS, 100));
        assertThat(Credibility.isSure("x", groups)).isFalse();
    }

    @Test
    void shouldNotLetNewIdentitiesOutvoteARecord() {
        // given three new identities against two with a record
        var groups = Map.of("true", of(200, 2), "forged", of(0, 3));

        // then
        assertThat(Credibility.isSure("true", groups)).isTrue();
    }

    private static List<BigDecimal> of(int passed, int members) {
        return Collections.nCopies(members, Credibility.of(FAULTS, passed));
    }
}
