package io.perigee.agent.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboxTest {
    @TempDir
    private Path directory;

    private static AgentMessage.Decline message(int number) {
        return new AgentMessage.Decline(
                Refs.of(Digest.ZERO, "m-" + number),
                JobId.parse("01890a5d-ac96-774b-bcce-b302099a8057"),
                Digest.ZERO,
                "no " + number);
    }

    @Test
    void shouldKeepMessagesInOrderOverARestart() throws IOException {
        // given
        var outbox = Outbox.open(directory, 100);
        for (int i = 0; i < 12; i++) {
            outbox.put(message(i));
        }
        outbox.remove(message(3).ref());

        // when
        var reopened = Outbox.open(directory, 100);
        reopened.put(message(12));

        // then
        assertThat(reopened.waiting())
                .hasSize(12)
                .startsWith(message(0), message(1), message(2), message(4))
                .endsWith(message(12));
    }

    @Test
    void shouldKeepARepeatedMessageOnce() throws IOException {
        // given
        var outbox = Outbox.open(directory, 100);
        outbox.put(message(1));
        outbox.put(message(2));

        // when
        boolean stored = outbox.put(message(1));

        // then
        assertThat(stored).isFalse();
        assertThat(outbox.waiting()).containsExactly(message(1), message(2));
        assertThat(Outbox.open(directory, 100).waiting()).containsExactly(message(1), message(2));
    }

    @Test
    void shouldForgetWhatIsAboutAnAssignmentThatIsOver() throws IOException {
        // given
        var over = Digest.ZERO;
        var other = new AgentMessage.Decline(
                Refs.of(over, "other"),
                JobId.parse("01890a5d-ac96-774b-bcce-b302099a8057"),
                Digest.parse("0x" + "1".repeat(64)),
                "no");
        var outbox = Outbox.open(directory, 100);
        outbox.put(message(1));
        outbox.put(other);
        outbox.put(message(2));

        // when
        outbox.drop(over);

        // then
        assertThat(outbox.waiting()).containsExactly(other);
        assertThat(Outbox.open(directory, 100).waiting()).containsExactly(other);
    }

    @Test
    void shouldSendFewLargeMessagesAtOnceAndOneInAnyCase() throws IOException {
        // given
        var outbox = Outbox.open(directory, 100);
        for (int i = 0; i < 5; i++) {
            outbox.put(message(i));
        }
        long two = 2L * Json.bytes(message(0)).length;

        // when
        var some = Outbox.open(directory, 100).oldest(64, two);
        var few = outbox.oldest(3, Long.MAX_VALUE);
        var one = outbox.oldest(64, 1);

        // then
        assertThat(some).containsExactly(message(0), message(1));
        assertThat(few).containsExactly(message(0), message(1), message(2));
        assertThat(one).containsExactly(message(0));
    }

    @Test
    void shouldIgnoreAFileThatWasNotFinished() throws IOException {
        // given
        Outbox.open(directory, 100).put(message(1));
        Files.writeString(directory.resolve(".0000000000000000001.json.tmp"), "{\"ty");

        // when
        var reopened = Outbox.open(directory, 100);

        // then
        assertThat(reopened.waiting()).containsExactly(message(1));
    }

    @Test
    void shouldRefuseMoreThanItHolds() throws IOException {
        // given
        var outbox = Outbox.open(directory, 2);
        outbox.put(message(1));
        outbox.put(message(2));

        // when
        var third = assertThatThrownBy(() -> outbox.put(message(3)));

        // then
        third.hasMessageContaining("at most 2 messages");
        outbox.remove(message(1).ref());
        assertThat(outbox.put(message(3))).isTrue();
    }

    @Test
    void shouldTakeAnAckOfNothingCalmly() throws IOException {
        // given
        var outbox = Outbox.open(directory, 2);

        // when
        outbox.remove(message(1).ref());

        // then
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void shouldSetAsideAMessageThatCannotBeReadAndSendTheOthers() throws IOException {
        // given
        var outbox = Outbox.open(directory, 100);
        outbox.put(message(1));
        outbox.put(message(2));
        Files.writeString(directory.resolve("%019d.json".formatted(0)), "{\"type\":");

        // when
        var reopened = Outbox.open(directory, 100);

        // then
        assertThat(reopened.waiting()).containsExactly(message(2));
        assertThat(directory.resolve("%019d.json.unreadable".formatted(0))).exists();
    }
}
