package io.perigee.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final String MEBIBYTE = "x".repeat(1 << 20);
    private static final String HELLO = "x".repeat(100_000);

    private final List<String> cutOff = new ArrayList<>();
    private final Backlogs all = new Backlogs(48 << 20);
    private final Backlog backlog = new Backlog(all, () -> cutOff.add("it"));

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
        for (int i = 0; i < 24; i++) {
            assertThat(backlog.takes(MEBIBYTE)).isTrue();
        }
        boolean tooMuch = backlog.takes("x");

        // then
        assertThat(tooMuch).isFalse();
    }

    @Test
    void shouldCutOffWhoLeavesMostWhereAllLeaveTooMuch() {
        // given
        var greedy = known("greedy");
        var other = known("other");
        leave(greedy, 24);
        leave(other, 23);
        backlog.known();

        // when
        boolean more = backlog.takes(MEBIBYTE) && backlog.takes(MEBIBYTE);

        // then
        assertThat(more).isTrue();
        assertThat(cutOff).containsExactly("greedy");
        assertThat(backlog.takes(MEBIBYTE)).isTrue();
        assertThat(cutOff).hasSize(1);
    }

    @Test
    void shouldGiveBackWhatAnAgentLeavesThatIsGone() {
        // given
        for (int i = 0; i < 10; i++) {
            var gone = known("gone");
            leave(gone, 24);

            // when
            gone.close();
        }
        leave(known("next"), 24);
        leave(known("last"), 24);

        // then
        assertThat(cutOff).isEmpty();
    }

    private Backlog known(String name) {
        var known = new Backlog(all, () -> cutOff.add(name));
        known.known();
        return known;
    }

    private static void leave(Backlog of, int mebibytes) {
        for (int i = 0; i < mebibytes; i++) {
            assertThat(of.takes(MEBIBYTE)).isTrue();
        }
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
