package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RestartsTest {
    @Test
    void shouldGiveUpAtOneBorderAfterAFewAndNeverWhileItGetsOn() {
        // given
        var restarts = new Restarts();

        // when
        var gettingOn = IntStream.range(0, 50).mapToObj(restarts::allow).toList();
        var stuck = IntStream.range(0, 5).mapToObj(_ -> restarts.allow(50)).toList();

        // then
        assertThat(gettingOn).containsOnly(true);
        assertThat(stuck).containsExactly(true, true, true, false, false);
    }
}
