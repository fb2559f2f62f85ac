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

    /** Each second of a short outage would have stood for 3,000 blocks, and the draw for hours of waiting. */
    @Test
    void shouldTakeNoCatchingUpForTheChainsSpeed() {
        // given a node that stood still for a while, and one that did not answer
        head.follow(() -> 7);
        pass(Duration.ofSeconds(11));
        head.follow(() -> 7);
        pass(Duration.ofSeconds(1));
        head.follow(() -> 3_007);
        pass(Duration.ofSeconds(60));
        head.follow(() -> 6_007);

        // when
        pass(Duration.ofSeconds(60));

        // then
        assertThat(head.number()).isEqualTo(6_007 + 60);
    }

    @Test
    void shouldTakeNoNodeAheadOfAnotherForTheChainsSpeed() {
        // given two behind one address, one of them 3,000 blocks behind
        head.follow(() -> 3_007);
        for (int second = 1; second <= 20; second++) {
            pass(Duration.ofSeconds(1));
            long lag = second % 2 == 0 ? 0 : 3_000;
            long number = 3_007 + second - lag;
            head.follow(() -> number);
        }

        // when
        pass(Duration.ofSeconds(60));

        // then
        assertThat(head.number()).isEqualTo(3_027 + 60);
    }

    @Test
    void shouldBoundAndForgetASpeed() {
        // given a jump without a sign
        head.follow(() -> 7);
        pass(Duration.ofSeconds(1));
        head.follow(() -> 3_007);
        pass(Duration.ofSeconds(60));
        long soon = head.number();

        // when
        for (int second = 0; second < 301; second++) {
            pass(Duration.ofSeconds(1));
            long number = 3_008 + second;
            head.follow(() -> number);
        }
        pass(Duration.ofSeconds(60));

        // then
        assertThat(soon).isEqualTo(3_007 + 60 * 10);
        assertThat(head.number()).isEqualTo(3_308 + 60);
    }

    @Test
    void shouldTellTheSpeedOfAChainWhoseBlocksComeSeveralAtOnce() {
        // given four blocks every two seconds, and two that ask
        for (int half = 0; half <= 20; half++) {
            long number = 8 + half / 4 * 4;
            head.follow(() -> number);
            pass(Duration.ofMillis(500));
        }

        // when
        pass(Duration.ofSeconds(59).plusMillis(500));

        // then
        assertThat(head.number()).isEqualTo(28 + 60 * 2);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
