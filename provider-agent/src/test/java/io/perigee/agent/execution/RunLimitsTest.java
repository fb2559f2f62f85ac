package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a run took too long is the hub's to say; the agent stops what nobody says anything about. */
class RunLimitsTest {
    private final Parties parties = Parties.fresh();
    private final AttemptRecord attempt = attempt();
    private final Instant startedAt =
            Instant.ofEpochSecond(attempt.work().assignment().issuedAt());
    private final Instant lease =
            Instant.ofEpochSecond(attempt.work().assignment().leaseUntil());
    private final RunLimits limits = new RunLimits(attempt, startedAt, Duration.ofDays(1));

    @TempDir
    private Path directory;

    private AttemptRecord attempt() {
        var work = AWork.of(parties).runSeconds(5).leaseSeconds(95).build();
        return AttemptRecord.accepted(work, work.assignment().digest(parties.domain()), List.of(), Instant.EPOCH);
    }

    private JobFiles files() throws IOException {
        var files = new JobFiles(directory);
        Files.createDirectories(files.checkpoints());
        Files.createDirectories(files.outputs());
        Files.writeString(files.progress(), "");
        return files;
    }

    /** By then the hub has counted it with the others that were too slow, or has taken up what it left. */
    @Test
    void shouldLeaveTheRunDeadlineToTheHub() throws IOException {
        assertThat(limits.broken(files(), startedAt.plusSeconds(6))).isEqualTo(ExitReading.Ended.BY_ITSELF);
        assertThat(limits.broken(files(), lease)).isEqualTo(ExitReading.Ended.BY_ITSELF);
    }

    @Test
    void shouldStopARunWhoseLeaseIsOver() throws IOException {
        assertThat(limits.broken(files(), lease.plusSeconds(1))).isEqualTo(ExitReading.Ended.BY_DEADLINE);
    }
}
