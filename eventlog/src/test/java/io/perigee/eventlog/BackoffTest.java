package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void shouldDoubleUpToTheBoundAndStartAgain() {
        // given
        var backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(350));

        // when
        var pauses =
                Stream.generate(backoff::next).limit(4).map(Duration::toMillis).toList();
        backoff.reset();

        // then
        assertThat(pauses).containsExactly(100L, 200L, 350L, 350L);
        assertThat(backoff.next()).hasMillis(100);
    }
}
