package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.DiskReserve;
import io.perigee.agent.testing.AWork;
import io.perigee.agent.testing.Parties;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    @TempDir
    private Path directory;

    private RunLimits limits(long reserve) {
        return new RunLimits(attempt, Duration.ofDays(1), DiskReserve.of(directory, reserve));
    }

    private AttemptRecord attempt() {
        return attempt(Instant.EPOCH);
    }

    private AttemptRecord attempt(Instant acceptedAt) {
        var work = AWork.of(parties).runSeconds(5).leaseSeconds(95).build();
        return AttemptRecord.accepted(
                work,
                work.assignment().digest(parties.domain()),
                List.of(),
                parties.enrolment("http://hub"),
                acceptedAt);
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
        assertThat(limits(0).broken(files(), startedAt.plusSeconds(6))).isEqualTo(ExitReading.Ended.BY_ITSELF);
        assertThat(limits(0).broken(files(), lease)).isEqualTo(ExitReading.Ended.BY_ITSELF);
    }

    @Test
    void shouldStopARunWhoseLeaseIsOver() throws IOException {
        assertThat(limits(0).broken(files(), lease.plusSeconds(1))).isEqualTo(ExitReading.Ended.BY_DEADLINE);
    }

    /** A clock that is a day ahead would end it with the first look, and the hub would count a crash. */
    @Test
    void shouldLetARunHaveItsLeaseByAClockThatIsAhead() throws IOException {
        // given
        var ahead = startedAt.plus(Duration.ofDays(1));
        var accepted = attempt(ahead);

        // when
        var begun = limits(accepted).broken(files(), ahead.plusSeconds(94));
        var over = limits(accepted).broken(files(), ahead.plusSeconds(96));

        // then
        assertThat(begun).isEqualTo(ExitReading.Ended.BY_ITSELF);
        assertThat(over).isEqualTo(ExitReading.Ended.BY_DEADLINE);
    }

    @Test
    void shouldEndNoRunBecauseTheClockIsSet() throws IOException {
        // given
        var limits = limits(attempt);
        limits.broken(files(), startedAt);

        // when
        var broken = limits.broken(files(), startedAt.plus(Duration.ofDays(1)));

        // then
        assertThat(broken).isEqualTo(ExitReading.Ended.BY_ITSELF);
    }

    private RunLimits limits(AttemptRecord of) {
        return new RunLimits(of, Duration.ofDays(1), DiskReserve.of(directory, 0));
    }

    /** However the job took it: in files that it removed and keeps open, or reserved behind their ends. */
    @Test
    void shouldStopARunWhenTheDiskHasNoMoreRoomThanIsReserved() throws IOException {
        // given
        long total = Files.getFileStore(directory).getTotalSpace();

        // when
        var broken = limits(total + 1).broken(files(), startedAt);

        // then
        assertThat(broken).isEqualTo(ExitReading.Ended.BY_FULL_DISK);
    }

    /** The clock of this machine may be set back by a day while a job runs. */
    @Test
    void shouldCheckTheDiskInTheRhythmOfNoClockThatIsSet() throws IOException {
        // given
        var limits = new RunLimits(attempt, Duration.ZERO, DiskReserve.of(directory, 0));
        var files = files();
        limits.broken(files, startedAt);
        Files.write(files.outputs().resolve("hoard"), new byte[1 << 10]);
        try (var sparse = FileChannel.open(files.outputs().resolve("hoard"), StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.allocate(1), 100_000_000);
        }

        // when
        var broken = limits.broken(files, startedAt.minus(Duration.ofDays(1)));

        // then
        assertThat(broken).isEqualTo(ExitReading.Ended.BY_DISK_LIMIT);
    }
}
