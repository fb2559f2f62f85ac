package io.perigee.agent.execution;

import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.JobWritten;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;

/**
 * The limits of a running job that no engine enforces: its time and its disk. That a run has used up its deadline is the
 * hub's to say, which knows what the others have done by then; only where nobody says anything does the lease end it.
 */
final class RunLimits {
    private final ExitReading.Limits words;
    private final Instant deadline;
    private final Duration diskCheck;
    private Instant nextDiskCheck;

    /** @param startedAt when its first container was */
    RunLimits(AttemptRecord attempt, Instant startedAt, Duration diskCheck) {
        var spec = attempt.work().spec();
        this.words = new ExitReading.Limits(
                spec.resources().memory(),
                spec.resources().disk(),
                spec.deadlines().run());
        this.deadline = Instant.ofEpochSecond(attempt.work().assignment().leaseUntil());
        this.diskCheck = diskCheck;
        this.nextDiskCheck = startedAt;
    }

    ExitReading.Limits words() {
        return words;
    }

    /** The limit that is broken now, or {@code BY_ITSELF} for none. */
    ExitReading.Ended broken(JobFiles files, Instant now) throws IOException {
        if (now.isAfter(deadline)) {
            return ExitReading.Ended.BY_DEADLINE;
        }
        if (now.isBefore(nextDiskCheck)) {
            return ExitReading.Ended.BY_ITSELF;
        }
        nextDiskCheck = now.plus(diskCheck);
        long written =
                JobWritten.size(files.checkpoints()) + JobWritten.size(files.outputs()) + Files.size(files.progress());
        return written > words.disk() ? ExitReading.Ended.BY_DISK_LIMIT : ExitReading.Ended.BY_ITSELF;
    }
}
