package io.perigee.agent.execution;

import io.perigee.agent.sandbox.JobFiles;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage.AssignmentOffer;
import io.perigee.protocol.id.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what a job says of its steps into messages, not more often than the hub cares for. */
final class ProgressReport {
    private final AssignmentOffer work;
    private final Digest assignmentHash;
    private final ProgressReader reader;
    private final Duration atMostEvery;
    /** Of {@link System#nanoTime}. */
    private long next = System.nanoTime();

    private @Nullable Instant firstAt;
    private int firstStep;

    ProgressReport(AssignmentOffer work, Digest assignmentHash, JobFiles files, Duration atMostEvery) {
        this.work = work;
        this.assignmentHash = assignmentHash;
        this.reader = new ProgressReader(files.progress());
        this.atMostEvery = atMostEvery;
    }

    Optional<AgentMessage.Progress> next(int border, Instant now) {
        long moment = System.nanoTime();
        if (moment - next < 0) {
            return Optional.empty();
        }
        next = moment + atMostEvery.toNanos();
        return reader.latest().map(report -> {
            var train = work.spec().train();
            int steps = train == null ? 0 : train.steps();
            return new AgentMessage.Progress(
                    work.jobId(),
                    assignmentHash,
                    report.step(),
                    steps,
                    border,
                    report.loss(),
                    report.lr(),
                    report.gradNorm(),
                    report.tokensPerSecond(),
                    etaSeconds(report.step(), steps, now));
        });
    }

    private @Nullable Integer etaSeconds(int step, int steps, Instant now) {
        if (firstAt == null) {
            firstAt = now;
            firstStep = step;
            return null;
        }
        long done = step - (long) firstStep;
        long left = steps - (long) step;
        if (done <= 0 || left < 0) {
            return null;
        }
        long seconds = Duration.between(firstAt, now).toMillis() * left / done / 1_000;
        return (int) Math.min(Integer.MAX_VALUE, seconds);
    }
}
