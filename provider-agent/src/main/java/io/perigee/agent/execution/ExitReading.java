package io.perigee.agent.execution;

import io.perigee.agent.sandbox.ContainerState;
import io.perigee.protocol.fact.FailureKind;
import java.util.Optional;

/** What an exit means, by the container contract and by who ended the container. Pure. */
final class ExitReading {
    private static final int KILLED = 137;
    private static final int TERMINATED = 143;
    /** What an engine says of a container that it did not see the end of, because the machine went down. */
    private static final int UNSEEN = 255;

    private ExitReading() {}

    /** Why the agent itself ended the container. */
    enum Ended {
        BY_ITSELF,
        /** The run deadline or the lease passed. */
        BY_DEADLINE,
        /** It wrote more than the job's disk. */
        BY_DISK_LIMIT,
        /** This machine's disk ran short, by whomever. */
        BY_FULL_DISK,
        /** The provider's agent is being stopped by its owner. */
        BY_OWNER
    }

    /**
     * Whether something else than the job and the agent ended it: somebody's kill, the engine, the machine. Who did cannot
     * be told from the code, so a job that kills itself counts as interrupted, too; how often that helps is bounded.
     */
    static boolean interrupted(ContainerState.Exited exit, Ended ended) {
        return ended == Ended.BY_ITSELF
                && !exit.outOfMemory()
                && switch (exit.code()) {
                    case KILLED, TERMINATED, UNSEEN -> true;
                    default ->
                        FailureKind.ofExitCode(exit.code())
                                .filter(kind -> kind == FailureKind.YIELDED)
                                .isPresent();
                };
    }

    /**
     * The failure of a container, or nothing when it did its work.
     *
     * @param reason the container's own words
     * @param blamesCheckpoint whether bad data is, by those words, the checkpoint that another left: no fault of the job's
     * @param limits the job's limits in words, for the failures they caused
     */
    static Optional<Failure> failure(
            ContainerState.Exited exit, Ended ended, Optional<String> reason, boolean blamesCheckpoint, Limits limits) {
        return switch (ended) {
            case BY_DEADLINE ->
                Optional.of(new Failure(
                        FailureKind.TIMED_OUT,
                        exit.code(),
                        "Expected the job to end within %d s, but it still ran and was stopped"
                                .formatted(limits.seconds())));
            case BY_DISK_LIMIT ->
                Optional.of(new Failure(
                        FailureKind.CRASHED,
                        exit.code(),
                        "Expected the job to write at most %d bytes, but it wrote more and was stopped"
                                .formatted(limits.disk())));
            case BY_FULL_DISK ->
                Optional.of(new Failure(
                        FailureKind.ENGINE,
                        exit.code(),
                        "Expected the provider's disk to have room, but it ran short and the job was stopped"));
            case BY_OWNER ->
                Optional.of(new Failure(FailureKind.YIELDED, exit.code(), "The provider stopped its agent"));
            case BY_ITSELF -> byItself(exit, reason, blamesCheckpoint, limits);
        };
    }

    private static Optional<Failure> byItself(
            ContainerState.Exited exit, Optional<String> reason, boolean blamesCheckpoint, Limits limits) {
        if (exit.code() == 0) {
            // Something in it may have been killed for memory; whether the work is whole shows in its files.
            return Optional.empty();
        }
        // nobody made it yield, however often it was begun again: the job may be at fault
        var kind = FailureKind.ofExitCode(exit.code())
                .filter(said -> said != FailureKind.YIELDED)
                .map(said -> said == FailureKind.BAD_DATA && blamesCheckpoint ? FailureKind.BAD_CHECKPOINT : said);
        if (kind.isPresent()) {
            return Optional.of(new Failure(kind.get(), exit.code(), reason.orElse("The container gave no reason")));
        }
        if (exit.outOfMemory()) {
            return Optional.of(new Failure(
                    FailureKind.OUT_OF_MEMORY,
                    exit.code(),
                    "Expected the job to fit in %d bytes of memory, but the kernel killed it for using more"
                            .formatted(limits.memory())));
        }
        var killed = exit.code() == KILLED ? "was killed" : "exited with code " + exit.code();
        return Optional.of(new Failure(
                FailureKind.CRASHED,
                exit.code(),
                "The container %s: %s".formatted(killed, reason.orElse("it gave no reason"))));
    }

    /** @param seconds the run deadline */
    record Limits(long memory, long disk, long seconds) {}
}
