package io.perigee.agent.execution;

import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.DiskReserve;
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
    private final DiskReserve reserve;
    /** Of {@link System#nanoTime}: a clock that is set must not stop the checks. */
    private long nextDiskCheck = System.nanoTime();

    RunLimits(AttemptRecord attempt, Duration diskCheck, DiskReserve reserve) {
        var spec = attempt.work().spec();
        this.words = new ExitReading.Limits(
                spec.resources().memory(),
                spec.resources().disk(),
                spec.deadlines().run());
        this.deadline = Instant.ofEpochSecond(attempt.work().assignment().leaseUntil());
        this.diskCheck = diskCheck;
        this.reserve = reserve;
    }

    ExitReading.Limits words() {
        return words;
    }

    /** The limit that is broken now, or {@code BY_ITSELF} for none. */
    ExitReading.Ended broken(JobFiles files, Instant now) throws IOException {
        if (now.isAfter(deadline)) {
            return ExitReading.Ended.BY_DEADLINE;
        }
        if (reserve.isTouched()) {
            return ExitReading.Ended.BY_FULL_DISK;
        }
        long moment = System.nanoTime();
        if (moment - nextDiskCheck < 0) {
            return ExitReading.Ended.BY_ITSELF;
        }
        nextDiskCheck = moment + diskCheck.toNanos();
        long written =
                JobWritten.size(files.checkpoints()) + JobWritten.size(files.outputs()) + Files.size(files.progress());
        return written > words.disk() ? ExitReading.Ended.BY_DISK_LIMIT : ExitReading.Ended.BY_ITSELF;
    }
}
