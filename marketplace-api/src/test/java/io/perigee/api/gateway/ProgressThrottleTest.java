package io.perigee.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.testkit.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProgressThrottleTest {
    private final TestClock clock = TestClock.atNoon();
    private final ProgressThrottle throttle = new ProgressThrottle(Duration.ofMillis(500));

    @Test
    void shouldLetOneThroughInAnInterval() {
        // given
        assertThat(report(1, 100)).isTrue();

        // when
        clock.advance(Duration.ofMillis(499));

        // then
        assertThat(report(2, 100)).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(report(3, 100)).isTrue();
    }

    @Test
    void shouldAlwaysLetTheLastStepThrough() {
        // given
        report(1, 100);

        // when
        var last = report(100, 100);

        // then
        assertThat(last).isTrue();
        assertThat(report(100, 100)).isFalse();
    }

    @Test
    void shouldStoreAFewThousandReportsOfADay() {
        // given
        int stored = 0;

        // when
        for (int step = 1; step < 24 * 3_600 * 10; step++) {
            stored += report(step, Integer.MAX_VALUE) ? 1 : 0;
            clock.advance(Duration.ofMillis(100));
        }

        // then
        assertThat(stored).isBetween(500, 5_000);
    }

    private boolean report(int step, int steps) {
        var job = JobId.parse("01890a5d-ac96-774b-bcce-b302099a8057");
        return throttle.admits(
                new AgentMessage.Progress(job, Digest.ZERO, step, steps, 0, null, null, null, null, null),
                clock.instant());
    }
}
