package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.execution.ExitReading.Ended;
import io.perigee.agent.sandbox.ContainerState.Exited;
import io.perigee.protocol.fact.FailureKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExitReadingTest {
    private static final ExitReading.Limits LIMITS = new ExitReading.Limits(100, 200, 300);

    @ParameterizedTest
    @CsvSource({
        "64, false, BY_ITSELF, BAD_SPEC",
        "65, false, BY_ITSELF, BAD_DATA",
        "75, false, BY_ITSELF, CRASHED",
        "137, true, BY_ITSELF, OUT_OF_MEMORY",
        "1, true, BY_ITSELF, OUT_OF_MEMORY",
        "65, true, BY_ITSELF, BAD_DATA",
        "137, false, BY_ITSELF, CRASHED",
        "139, false, BY_ITSELF, CRASHED",
        "70, false, BY_ITSELF, CRASHED",
        "0, false, BY_DEADLINE, TIMED_OUT",
        "75, false, BY_DEADLINE, TIMED_OUT",
        "137, false, BY_DISK_LIMIT, CRASHED",
        "75, false, BY_OWNER, YIELDED",
        "137, false, BY_OWNER, YIELDED",
    })
    void shouldTellTheKindsApart(int code, boolean outOfMemory, Ended ended, FailureKind expected) {
        // given
        var exit = new Exited(code, outOfMemory);

        // when
        var failure = ExitReading.failure(exit, ended, Optional.of("its words"), false, LIMITS)
                .orElseThrow()
                .phase();

        // then
        assertThat(failure.kind()).isEqualTo(expected);
        assertThat(failure.exitCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "137, false, BY_ITSELF, true",
        "143, false, BY_ITSELF, true",
        "255, false, BY_ITSELF, true",
        "75, false, BY_ITSELF, true",
        "137, true, BY_ITSELF, false",
        "137, false, BY_DEADLINE, false",
        "137, false, BY_DISK_LIMIT, false",
        "75, false, BY_OWNER, false",
        "139, false, BY_ITSELF, false",
        "64, false, BY_ITSELF, false",
        "0, false, BY_ITSELF, false",
    })
    void shouldTellWhatSomethingElseEndedFromWhatTheJobAndTheAgentDid(
            int code, boolean outOfMemory, Ended ended, boolean expected) {
        // given
        var exit = new Exited(code, outOfMemory);

        // when
        boolean interrupted = ExitReading.interrupted(exit, ended);

        // then
        assertThat(interrupted).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"65, BAD_CHECKPOINT", "64, BAD_SPEC", "1, CRASHED", "75, CRASHED"})
    void shouldBlameTheCheckpointAndNotTheJobForDataThatAnotherLeft(int code, FailureKind expected) {
        // given
        var exit = new Exited(code, false);

        // when
        var failure = ExitReading.failure(exit, Ended.BY_ITSELF, Optional.of("its words"), true, LIMITS)
                .orElseThrow();

        // then
        assertThat(failure.phase().kind()).isEqualTo(expected);
    }

    @Test
    void shouldTakeAnExitOfZeroAsDoneEvenWhenAPartWasKilled() {
        assertThat(ExitReading.failure(new Exited(0, true), Ended.BY_ITSELF, Optional.empty(), false, LIMITS))
                .isEmpty();
    }

    @Test
    void shouldBoundAndCleanAStrangersWords() {
        // given
        var words = "a\u0000b\n" + "x".repeat(10_000) + "\uD83D";

        // when
        var bounded = Text.bounded(words, 50);

        // then
        assertThat(bounded).hasSize(50).startsWith("a b x").endsWith("x…");
        assertThat(Text.bounded("short", 50)).isEqualTo("short");
        assertThat(Text.bounded("😀".repeat(30), 50).codePoints().allMatch(c -> c == 0x1F600 || c == '…'))
                .isTrue();
    }
}
