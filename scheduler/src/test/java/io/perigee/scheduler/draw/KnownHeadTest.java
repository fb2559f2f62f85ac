package io.perigee.scheduler.draw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.eventlog.TryLater;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KnownHeadTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final KnownHead head = new KnownHead(Duration.ofSeconds(10), nanos::get);

    @Test
    void shouldNameNoBlockWhileTheNodeIsAway() {
        // given
        head.follow(() -> 7);
        pass(Duration.ofSeconds(10));
        long known = head.number();

        // when
        pass(Duration.ofNanos(1));
        assertThatThrownBy(() -> head.follow(() -> {
                    throw new TryLater("away");
                }))
                .isInstanceOf(TryLater.class);

        // then
        assertThat(known).isEqualTo(7);
        assertThat(head.number()).isZero();
    }

    @Test
    void shouldCountAnAnswersAgeFromTheQuestion() {
        // given
        head.follow(() -> {
            pass(Duration.ofSeconds(9));
            return 7;
        });
        long known = head.number();

        // when
        pass(Duration.ofSeconds(2));

        // then
        assertThat(known).isEqualTo(7);
        assertThat(head.number()).isZero();
    }

    @Test
    void shouldKnowTheHeadAgainOnceTheNodeIsBack() {
        // given
        head.follow(() -> 7);
        pass(Duration.ofMinutes(1));

        // when
        head.follow(() -> 27);

        // then
        assertThat(head.number()).isEqualTo(27);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
