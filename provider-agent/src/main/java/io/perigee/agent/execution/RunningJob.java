package io.perigee.agent.execution;

import io.perigee.agent.sandbox.ContainerState;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.gateway.AgentMessage;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container this life of the agent watches: what need not survive a crash. */
final class RunningJob {
    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);

    private final Tools tools;
    private final String container;
    private final JobFiles files;
    private final Thread watch;
    private final ProgressReport progress;
    private final RunLimits limits;
    private ExitReading.Ended ended = ExitReading.Ended.BY_ITSELF;
    private boolean stopped;

    private RunningJob(
            Tools tools, AttemptRecord attempt, Phase.Running phase, JobFiles files, Consumer<Signal> signals) {
        this.tools = tools;
        this.container = phase.container();
        this.files = files;
        this.progress = new ProgressReport(
                attempt.work(), attempt.assignmentHash(), files, tools.timing().progress());
        this.limits = new RunLimits(attempt, tools.timing().diskCheck(), tools.reserve());
        this.watch = new ContainerWatch(tools.runtime(), tools.timing().enginePatience()).start(container, signals);
    }

    /**
     * Watches a container this or an earlier life started.
     *
     * @param signals told when it has ended
     * @throws Failure when the engine has lost it
     */
    static RunningJob takeUp(
            Tools tools, AttemptRecord attempt, Phase.Running phase, JobFiles files, Consumer<Signal> signals)
            throws Failure {
        return switch (tools.runtime().inspect(phase.container())) {
            case ContainerState.Missing _ ->
                throw interrupted("Expected the job's container to be there, but the engine lost it");
            case ContainerState.Created _ ->
                throw interrupted("Expected the job's container to run, but the engine never started it");
            case ContainerState.Running _, ContainerState.Exited _ ->
                new RunningJob(tools, attempt, phase, files, signals);
        };
    }

    Optional<AgentMessage.Progress> progress(int border) {
        return progress.next(border, tools.clock().instant());
    }

    /**
     * Stops the container when its time or disk is used up; its end then arrives as a signal. One that fills the disk gets
     * no time to fill more.
     *
     * @throws EngineException when it could not be stopped; asked again, it is tried again
     * @throws Failure when what the job wrote cannot be counted
     */
    void enforceLimits() throws IOException, Failure {
        if (ended == ExitReading.Ended.BY_ITSELF) {
            ended = brokenLimit();
        }
        if (stopped || ended == ExitReading.Ended.BY_ITSELF) {
            return;
        }
        LOG.info("Stopping container={} because={}", container, ended);
        switch (ended) {
            case BY_DISK_LIMIT, BY_FULL_DISK -> tools.runtime().kill(container);
            case BY_ITSELF, BY_DEADLINE, BY_OWNER ->
                tools.runtime().stop(container, tools.timing().grace());
        }
        stopped = true;
    }

    private ExitReading.Ended brokenLimit() throws IOException, Failure {
        try {
            return limits.broken(files, tools.clock().instant());
        } catch (JobWritten.Unacceptable e) {
            // what cannot be counted could be anything
            throw OutputContract.broken(String.valueOf(e.getMessage()));
        }
    }

    /** Stops the container and no longer watches it. */
    void stop(ExitReading.Ended why) {
        ended = why;
        watch.interrupt();
        tools.runtime().stop(container, tools.timing().grace());
    }

    /**
     * Reads how the container ended.
     *
     * @return false when it has not ended after all, so that it must be taken up again
     * @throws Failure when it did not do its work
     */
    boolean succeeded(AttemptRecord attempt) throws Failure {
        return switch (tools.runtime().inspect(container)) {
            case ContainerState.Exited exit -> {
                judge(exit, attempt);
                yield true;
            }
            case ContainerState.Missing _ ->
                throw interrupted("Expected to read how the container ended, but the engine lost it");
            case ContainerState.Created _, ContainerState.Running _ -> false;
        };
    }

    private static boolean isWhole(AttemptRecord attempt) {
        return attempt.segmented() && attempt.reached() == attempt.toBorder();
    }

    private static Failure interrupted(String detail) {
        return new Failure(FailureKind.ENGINE, detail).fromOutside();
    }

    /** Only who has got nowhere from it can say so. */
    private boolean blamesCheckpoint(AttemptRecord attempt) {
        return attempt.work().resumeFrom() != null
                && attempt.segments().isEmpty()
                && ContainerReason.blamesCheckpoint(files.outputs());
    }

    private void judge(ContainerState.Exited exit, AttemptRecord attempt) throws Failure {
        if (ended == ExitReading.Ended.BY_OWNER && exit.code() == 0 && isWhole(attempt)) {
            // it was done before it was told to stop, or within its grace
            return;
        }
        Optional<String> reason =
                exit.code() == 0 ? Optional.empty() : ContainerReason.read(tools.runtime(), container, files.outputs());
        var failure = ExitReading.failure(exit, ended, reason, blamesCheckpoint(attempt), limits.words());
        if (failure.isPresent()) {
            throw ExitReading.interrupted(exit, ended) ? failure.get().fromOutside() : failure.get();
        }
        if (exit.outOfMemory() && attempt.reached() < attempt.toBorder()) {
            throw new Failure(
                    FailureKind.OUT_OF_MEMORY,
                    exit.code(),
                    "Expected the job to fit in %d bytes of memory, but the kernel killed a part of it"
                            .formatted(limits.words().memory()));
        }
    }
}
