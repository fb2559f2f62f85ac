package io.perigee.api.gateway.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ReportsTest {
    private static final String NASTY = "no\u001B]52;c;eA==\u0007\r\u001B[2K accepted \u202Etxt";
    private static final UUID REF = UUID.fromString("01a0c450-6c00-7e8c-9902-207afaeb7120");
    private static final JobId JOB = JobId.parse("01a217d8-b63f-70d6-b596-f1ba23ce22f8");

    static Stream<AgentMessage> messagesWithWords() {
        return Stream.of(
                new AgentMessage.Decline(REF, JOB, Digest.ZERO, NASTY),
                new AgentMessage.Failed(REF, JOB, Digest.ZERO, FailureKind.CRASHED, 1, NASTY),
                new AgentMessage.VerdictRefused(REF, JOB, Digest.ZERO, VerdictRefusal.TOO_EARLY, NASTY));
    }

    @ParameterizedTest
    @MethodSource("messagesWithWords")
    void shouldStoreNoWordsThatATerminalObeys(AgentMessage message) {
        // when
        var command = Reports.command(message);

        // then
        assertThat(Json.tree(command).path("detail").asText()).isEqualTo("no ]52;c;eA==   [2K accepted  txt");
    }
}
