package io.perigee.api.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.api.problem.Refused;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final RateLimits limits = new RateLimits();

    @Test
    void shouldCountEachRequestAsOne() {
        limits.count("a", 2, NOW);
        limits.count("a", 2, NOW);
        assertThatThrownBy(() -> limits.count("a", 2, NOW)).isInstanceOf(Refused.class);
        assertThatCode(() -> limits.count("b", 2, NOW)).doesNotThrowAnyException();
    }

    @Test
    void shouldCheckWithoutCounting() {
        limits.count("a", 2, NOW);
        limits.check("a", 2, NOW);
        limits.check("a", 2, NOW);
        limits.count("a", 2, NOW);
        assertThatThrownBy(() -> limits.check("a", 2, NOW)).isInstanceOf(Refused.class);
        assertThatCode(() -> limits.check("b", 2, NOW)).doesNotThrowAnyException();
        assertThatCode(() -> limits.check("a", 2, NOW.plusSeconds(60))).doesNotThrowAnyException();
    }

    @Test
    void shouldCountWhatIsWorthManyAsMany() {
        limits.count("a", 600, 1_000, NOW);
        assertThatThrownBy(() -> limits.count("a", 401, 1_000, NOW)).isInstanceOf(Refused.class);
        assertThatCode(() -> limits.count("a", 600, 1_000, NOW.plusSeconds(60))).doesNotThrowAnyException();
    }

    @Test
    void shouldSayThatTheCountsBeginAnewWithTheMinute() {
        var late = NOW.plusSeconds(23);
        limits.count("a", 1, late);
        assertThatThrownBy(() -> limits.count("a", 1, late))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.retryAfter())
                        .isEqualTo(37));
    }
}
