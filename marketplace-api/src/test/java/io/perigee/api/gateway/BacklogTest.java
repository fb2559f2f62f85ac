package io.perigee.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final String MEBIBYTE = "x".repeat(1 << 20);
    private static final String HELLO = "x".repeat(100_000);

    private final Backlog backlog = new Backlog();

    @Test
    void shouldLetAStrangerLeaveNoMoreThanAHello() {
        // when
        boolean hello = backlog.takes(HELLO);
        boolean more = backlog.takes(MEBIBYTE);

        // then
        assertThat(hello).isTrue();
        assertThat(more).isFalse();
    }

    @Test
    void shouldTakeAsManyOpeningsFromAnAgentAsItSendsAtOnceAndNoMore() {
        // given
        backlog.known();

        // when
        for (int i = 0; i < 64; i++) {
            assertThat(backlog.takes(MEBIBYTE)).isTrue();
        }
        boolean tooMuch = backlog.takes("x");

        // then
        assertThat(tooMuch).isFalse();
    }

    @Test
    void shouldForgetWhatWasHeard() {
        // given
        for (int i = 0; i < 10; i++) {
            assertThat(backlog.takes(HELLO)).isTrue();

            // when
            backlog.heard(HELLO);
        }

        // then
        assertThat(backlog.takes(HELLO)).isTrue();
    }
}
