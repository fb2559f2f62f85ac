package io.perigee.agent.execution;

import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.DiskReserve;
import io.perigee.agent.store.JobWritten;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * The limits of a running job that no engine enforces: its time and its disk. That a run has used up its deadline is the
 * hub's to say, which knows what the others have done by then; only where nobody says anything does the lease end it.
 */
final class RunLimits {
    private final ExitReading.Limits words;
    private final Instant deadline;
    /** Of {@link System#nanoTime}, once the first look was taken: from then on no clock that is set ends a run. */
    private OptionalLong end = OptionalLong.empty();

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
        this.deadline = deadline(attempt);
        this.diskCheck = diskCheck;
        this.reserve = reserve;
    }

    /** The lease's end by the hub's clock; where this machine's is ahead of it, as long as the lease is from the acceptance on. */
    private static Instant deadline(AttemptRecord attempt) {
        var assignment = attempt.work().assignment();
        var byHub = Instant.ofEpochSecond(assignment.leaseUntil());
        var byOwn = attempt.acceptedAt().plusSeconds(assignment.leaseUntil() - assignment.issuedAt());
        return byOwn.isAfter(byHub) ? byOwn : byHub;
    }

    ExitReading.Limits words() {
        return words;
    }

    /** The limit that is broken now, or {@code BY_ITSELF} for none. */
    ExitReading.Ended broken(JobFiles files, Instant now) throws IOException {
        if (isOver(now)) {
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

    private boolean isOver(Instant now) {
        long moment = System.nanoTime();
        if (end.isEmpty()) {
            end = OptionalLong.of(moment + Duration.between(now, deadline).toNanos());
        }
        return moment - end.getAsLong() > 0;
    }
}
