package io.perigee.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.testkit.process.Patience;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {
    @Test
    void shouldBeTenMinutesUnlessMoreAreNamed() {
        assertThat(Patience.of(Map.of())).isEqualTo(Duration.ofMinutes(10));
        assertThat(Patience.of(Map.of("PERIGEE_PATIENCE", "45"))).isEqualTo(Duration.ofMinutes(45));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "ten", "1441"})
    void shouldRefuseWhatIsNoBoundedNumberOfMinutes(String minutes) {
        assertThatThrownBy(() -> Patience.of(Map.of("PERIGEE_PATIENCE", minutes)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 1 to 1440");
    }
}
