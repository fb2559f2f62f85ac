package io.perigee.scheduler.app;

import io.perigee.protocol.command.Command;
import io.perigee.protocol.fact.AttemptStarted;
import io.perigee.protocol.fact.CheckpointRequested;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.JobAssigned;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.fact.ResultCommitted;
import io.perigee.protocol.fact.RevealRequested;
import io.perigee.protocol.fact.VerdictRequested;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Role;
import io.perigee.testkit.sample.SampleJobs;
import io.perigee.testkit.sample.SampleProvider;
import io.perigee.testkit.sample.SampleRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Says what a provider's agent would say, as soon as it hears what it waits for. */
final class ScriptedAgent {
    /** What kind of provider it is. */
    enum Manner {
        HONEST,
        /** Forges everything. */
        LYING,
        /** Forges everything, and then serves no checkpoint that could show it. */
        WITHHOLDING,
        /** Takes the assignment and says that the data is bad. */
        BLAMING,
        /** Never answers. */
        SILENT,
        /** Takes the assignment and seals two borders, then does nothing until it is asked to open. */
        STALLING,
        /** Opens two borders in passing, and is not heard of any more. */
        VANISHING
    }

    private record Key(JobId job, int attempt) {}

    private final SampleProvider provider;
    private final Manner manner;
    private final Map<Key, SampleRun> runs = new ConcurrentHashMap<>();
    private volatile boolean paused;

    ScriptedAgent(SampleProvider provider, Manner manner) {
        this.provider = provider;
        this.manner = manner;
    }

    String source() {
        return provider.id().value();
    }

    /** Hears nothing from now on. */
    void pause() {
        paused = true;
    }

    Optional<SampleRun> run(JobId job, int attempt) {
        return Optional.ofNullable(runs.get(new Key(job, attempt)));
    }

    List<Command> hears(JobFact fact) {
        if (paused || manner == Manner.SILENT) {
            return List.of();
        }
        return switch (fact) {
            case JobAssigned assigned
            when assigned.assignment().provider().equals(provider.id()) -> {
                var assignment = assigned.assignment();
                var segmented = !assigned.assignment().numericClass().isZero();
                var run = manner == Manner.LYING || manner == Manner.WITHHOLDING
                        ? SampleRun.lying(provider, assigned, segmented, 1, "forged by " + provider.name())
                        : assignment.role() == Role.AUDITOR
                                ? SampleRun.auditing(
                                        provider, assigned, SampleJobs.strict(2).borders())
                                : SampleRun.honest(provider, assigned, segmented);
                runs.put(new Key(assigned.jobId(), assigned.attempt()), run);
                yield List.of(run.accept());
            }
            case AttemptStarted started
            when manner == Manner.BLAMING ->
                run(started.jobId(), started.attempt())
                        .<List<Command>>map(run -> List.of(run.fail(FailureKind.BAD_DATA, 65, "line 3 is no JSON")))
                        .orElse(List.of());
            case AttemptStarted started ->
                run(started.jobId(), started.attempt())
                        .<List<Command>>map(run -> List.of(run.commit(first(run))))
                        .orElse(List.of());
            case ResultCommitted committed ->
                run(committed.jobId(), committed.attempt())
                        .<List<Command>>map(
                                run -> after(run, committed.commitment().toBorder()))
                        .orElse(List.of());
            case RevealRequested requested ->
                run(requested.jobId(), requested.attempt())
                        .<List<Command>>map(run -> List.of(run.reveal(requested.border())))
                        .orElse(List.of());
            case CheckpointRequested requested
            when manner != Manner.WITHHOLDING ->
                run(requested.jobId(), requested.attempt())
                        .<List<Command>>map(run -> List.of(run.serve(requested.border())))
                        .orElse(List.of());
            case VerdictRequested requested ->
                run(requested.jobId(), requested.attempt())
                        .<List<Command>>map(run -> List.of(run.sign(requested)))
                        .orElse(List.of());
            default -> List.of();
        };
    }

    /** A job without segments has no border but its last. */
    private static int first(SampleRun run) {
        return Math.max(1, run.assigned().assignment().fromBorder() + 1);
    }

    private List<Command> after(SampleRun run, int border) {
        if (manner == Manner.STALLING && border == 2) {
            return List.of();
        }
        if (manner == Manner.VANISHING && border == 2) {
            return List.of(run.pass(border));
        }
        return List.of(border == run.lastBorder() ? run.reveal(border) : run.commit(border + 1));
    }
}
