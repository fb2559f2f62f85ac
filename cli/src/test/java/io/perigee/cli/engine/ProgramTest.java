package io.perigee.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perigee.cli.Refusal;
import io.perigee.protocol.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void shouldGiveItItsInputAndTakeItsLastWords() {
        // when
        var ended = shell("cat; echo one >&2; echo two >&2; exit 3").run("some words", PATIENCE);

        // then
        assertThat(ended).isEqualTo(new Program.Ended(3, "some words", "one\ntwo\n"));
        assertThat(ended.lastWords()).isEqualTo("two");
    }

    @Test
    void shouldKeepTheLastOfWhatSaysMoreThanAnybodyReads() {
        // when
        var ended = shell("head -c 20000000 /dev/zero | tr '\\0' x; echo; echo the end")
                .run("", PATIENCE);

        // then
        assertThat(ended.exit()).isZero();
        assertThat(ended.output()).hasSize(4 << 20).endsWith("x\nthe end\n");
    }

    @Test
    void shouldEndWhatDoesNotEndInTime() {
        // given
        var program = shell("exec sleep 60");

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> program.run("", Duration.ofMillis(300)))
                .withMessageContaining("to end within PT0.3S");
    }

    @Test
    void shouldEndWhatIsOverItsLimit() {
        // given
        var program = shell("exec sleep 60");
        var over = new Refusal(ErrorCode.UNSUPPORTED, "Expected less, but there is more", "");

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> program.run(Program.Input.of(""), PATIENCE, () -> {
                    throw over;
                }))
                .isSameAs(over);
    }

    @Test
    void shouldSayWhyItsInputCouldNotBeMade() {
        // given
        var program = shell("cat > /dev/null");
        var bad = new IllegalArgumentException("no input");

        // when, then
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> program.run(
                        _ -> {
                            throw bad;
                        },
                        PATIENCE,
                        Program.Limit.NONE))
                .isSameAs(bad);
    }

    @Test
    void shouldTakeTheEndOfWhatReadsNoInput() {
        // given: more than a pipe holds
        Program.Input input = target -> {
            for (int i = 0; i < 1_000; i++) {
                target.write(new byte[1 << 10]);
            }
        };

        // when
        var ended = shell("exit 4").run(input, PATIENCE, Program.Limit.NONE);

        // then
        assertThat(ended.exit()).isEqualTo(4);
    }

    @Test
    void shouldSayThatThereIsNoSuchProgram() {
        // given
        var program = new Program(List.of("/no/such/program"), Map.of(), "");

        // when, then
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> program.run("", PATIENCE))
                .withMessageStartingWith("Expected to run '/no/such/program', but");
    }

    private static Program shell(String script) {
        return new Program(List.of("/bin/sh", "-c", script), Map.of(), "wait");
    }
}
