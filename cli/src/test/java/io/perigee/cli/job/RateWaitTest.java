package io.perigee.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.client.ApiException;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.rest.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RateWaitTest {
    private final List<Long> rests = new ArrayList<>();
    private final RateWait wait = new RateWait(8, Duration.ofMinutes(2), time -> rests.add(time.toSeconds()));
    private int asked;

    @Test
    void shouldWaitAsLongAsTheHubSays() {
        assertThat(wait.until(refusing(2, ErrorCode.RATE_LIMITED, 37))).isEqualTo("quote");
        assertThat(rests).containsExactly(37L, 37L);
    }

    @Test
    void shouldWaitLongerAndLongerWhereTheHubSaysTooLittle() {
        assertThat(wait.until(refusing(8, ErrorCode.RATE_LIMITED, 1))).isEqualTo("quote");
        assertThat(rests).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 64L);
    }

    @Test
    void shouldWaitWhereTheHubSaysNothing() {
        assertThat(wait.until(refusing(1, ErrorCode.RATE_LIMITED, null))).isEqualTo("quote");
        assertThat(rests).containsExactly(1L);
    }

    @Test
    void shouldNotWaitForEver() {
        assertRefusedAfter(8, refusing(Integer.MAX_VALUE, ErrorCode.RATE_LIMITED, 1));
    }

    @Test
    void shouldNotWaitAsLongAsAnyHubLikes() {
        assertRefusedAfter(0, refusing(1, ErrorCode.RATE_LIMITED, 121));
    }

    @Test
    void shouldNotWaitWhenTheHubHasAnotherReason() {
        assertRefusedAfter(0, refusing(1, ErrorCode.UNAVAILABLE, 1));
    }

    private void assertRefusedAfter(int waits, Supplier<String> request) {
        assertThatThrownBy(() -> wait.until(request)).isInstanceOf(ApiException.class);
        assertThat(rests).hasSize(waits);
    }

    private Supplier<String> refusing(int times, ErrorCode code, @Nullable Integer seconds) {
        return () -> {
            if (asked++ < times) {
                throw new ApiException(
                        new Problem("about:blank", "", 429, code.name(), "Expected less", "Wait", true, "", List.of()),
                        seconds == null ? null : Duration.ofSeconds(seconds));
            }
            return "quote";
        };
    }
}
