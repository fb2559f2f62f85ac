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

    /** Whoever sealed while a node was away for a minute would be audited whole, which few orders can pay. */
    @Test
    void shouldNameABlockThatTheChainHasNotReachedWhileTheNodeIsAway() {
        // given a chain of two blocks a second
        head.follow(() -> 7);
        pass(Duration.ofSeconds(3));
        head.follow(() -> 13);
        pass(Duration.ofSeconds(10));
        long known = head.number();

        // when
        pass(Duration.ofSeconds(50));

        // then
        assertThat(known).isEqualTo(13);
        assertThat(head.number()).isEqualTo(13 + 60 * 2);
    }

    @Test
    void shouldNameNoBlockBeforeTheNodeHasNamedOne() {
        assertThat(head.number()).isZero();
    }

    @Test
    void shouldNameNoBlockWhileTheNodeIsAwayForLong() {
        // given
        head.follow(() -> 7);
        pass(Duration.ofMinutes(10));
        long known = head.number();

        // when
        pass(Duration.ofNanos(1));
        assertThatThrownBy(() -> head.follow(() -> {
                    throw new TryLater("away");
                }))
                .isInstanceOf(TryLater.class);

        // then
        assertThat(known).isEqualTo(607);
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
        assertThat(head.number()).isEqualTo(7 + 11);
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
