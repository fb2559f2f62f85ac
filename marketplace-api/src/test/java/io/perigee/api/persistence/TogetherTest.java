package io.perigee.api.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TogetherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void shouldGoOnAfterErrorsOfAllWhoWork() {
        // given: as many as work at once, and one more
        var together = new Together<Integer, Integer>((_, _) -> true, _ -> 1, PATIENCE, TogetherTest::halved);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> together.ask(1)).hasRootCauseInstanceOf(StackOverflowError.class);
        }

        // when
        int answer = together.ask(8);

        // then
        assertThat(answer).isEqualTo(4);
        assertThat(together.inside()).isZero();
    }

    @Test
    void shouldLetTheFaultOfOneHinderOnlyItself() {
        // given
        var together = new Together<Integer, Integer>((_, _) -> true, _ -> 1, PATIENCE, numbers -> {
            if (numbers.contains(3)) {
                throw new IllegalArgumentException("three");
            }
            return halved(numbers);
        });

        // when
        assertThatThrownBy(() -> together.ask(3)).hasRootCauseMessage("three");

        // then
        assertThat(together.ask(4)).isEqualTo(2);
    }

    private static List<Integer> halved(List<Integer> numbers) {
        if (numbers.contains(1)) {
            throw new StackOverflowError("too deep");
        }
        return numbers.stream().map(number -> number / 2).toList();
    }
}
