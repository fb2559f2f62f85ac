package io.perigee.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobExplanation;
import io.perigee.protocol.rest.JobState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {
    @Test
    void shouldSayHowLongAJobProbablyWaitsAndByWhat() {
        assertThat(ExplainCommand.wait(waiting(1_800L)))
                .startsWith("about 30m 00s")
                .contains("became free in the last");
    }

    @Test
    void shouldSayThatAWaitIsNotKnown() {
        assertThat(ExplainCommand.wait(waiting(null))).startsWith("unknown");
    }

    private static JobExplanation waiting(@Nullable Long seconds) {
        return new JobExplanation(
                JobId.parse("01a217c0-3a29-7785-8b13-80e639ea2e26"),
                JobState.QUEUED,
                2,
                List.of(),
                null,
                seconds,
                6,
                86_400,
                Instant.parse("2026-01-01T00:00:00Z"));
    }
}
