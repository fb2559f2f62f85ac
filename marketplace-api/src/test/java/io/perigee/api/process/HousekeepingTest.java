package io.perigee.api.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.api.gateway.FakeBook;
import io.perigee.api.gateway.SampleBoard;
import io.perigee.api.settings.SampleSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When it is asked who has been silent for the 60 s that an agent may be. A round is every 10 s. */
final class HousekeepingTest {
    private static final Duration ROUND = Duration.ofSeconds(10);

    private final FakeBook book = new FakeBook();
    private final SampleBoard board = SampleBoard.of(book, SampleSettings.of());
    private final Housekeeping housekeeping =
            new Housekeeping(board.settings(), board.board(), book, board.pulse(), null, null, null, Clock.systemUTC());

    @BeforeEach
    void begin() {
        book.now.set(Instant.parse("2026-06-01T12:00:00Z"));
        housekeeping.tend(Instant.now());
    }

    @Test
    void shouldAskWhoIsSilentOnceAllHadTheirGrace() {
        // when
        rounds(5);
        int early = book.drops.get();
        rounds(1);

        // then
        assertThat(early).isZero();
        assertThat(book.drops).hasValue(1);
    }

    @Test
    void shouldGiveAllTheirGraceAgainAfterASleep() {
        // given
        rounds(6);
        int before = book.drops.get();

        // when: a machine slept, or its clock was set
        jump(Duration.ofMinutes(5));
        rounds(5);
        int early = book.drops.get();
        rounds(1);

        // then
        assertThat(early).isEqualTo(before);
        assertThat(book.drops).hasValue(before + 1);
    }

    @Test
    void shouldGiveAllTheirGraceAgainAfterAClockWasSetBack() {
        // given
        rounds(6);
        int before = book.drops.get();

        // when
        jump(Duration.ofMinutes(-5));
        rounds(5);
        int early = book.drops.get();
        rounds(1);

        // then
        assertThat(early).isEqualTo(before);
        assertThat(book.drops).hasValue(before + 1);
    }

    @Test
    void shouldGiveAllTheirGraceAgainAfterTheDatabaseWasAway() {
        // given
        rounds(6);
        int before = book.drops.get();

        // when
        book.away.set(1);
        rounds(1 + 6);
        int early = book.drops.get();
        rounds(1);

        // then
        assertThat(early).isEqualTo(before);
        assertThat(book.drops).hasValue(before + 1);
    }

    private void rounds(int many) {
        for (int i = 0; i < many; i++) {
            jump(ROUND);
        }
    }

    private void jump(Duration step) {
        book.now.updateAndGet(at -> at.plus(step));
        housekeeping.tend(Instant.now());
    }
}
