package io.perigee.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.cli.view.JobStory;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobExplanation;
import io.perigee.protocol.rest.JobState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "resources.memory, 15872000000, 15.872GB",
        "resources.disk, 2000000000000, 2TB",
        "price.max, 2500000, 2.5 TEST",
        "placement.regions, eu-1, eu-1"
    })
    void shouldSayToWhatAsAJobFileHasIt(String constraint, String enough, String expected) {
        var relaxation = new JobExplanation.Relaxation(constraint, enough, Amount.of(1));

        assertThat(ExplainCommand.asWritten(relaxation, new JobStory.Money(6, "TEST")))
                .isEqualTo(expected);
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
