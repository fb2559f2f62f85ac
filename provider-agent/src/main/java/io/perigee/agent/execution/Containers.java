package io.perigee.agent.execution;

import io.perigee.agent.artifact.Cancellation;
import io.perigee.agent.sandbox.ContainerState;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.sandbox.Sandbox;
import io.perigee.agent.sandbox.UnusableImage;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.id.Digest;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The container of one attempt: found by its label, so that a restarted agent finds the same. */
final class Containers {
    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);

    private final Tools tools;
    private final Digest assignmentHash;
    private final JobFiles files;

    Containers(Tools tools, Digest assignmentHash, JobFiles files) {
        this.tools = tools;
        this.assignmentHash = assignmentHash;
        this.files = files;
    }

    /**
     * Fetches what the job needs and starts it; one that runs already is adopted.
     *
     * @return the engine's id
     * @throws Failure also when the engine can do nothing with the image: on other machines it could not either
     */
    String start(AttemptRecord attempt, Cancellation cancellation) throws IOException, InterruptedException, Failure {
        var work = attempt.work();
        try {
            if (tools.runtime().list(label()).isEmpty()) {
                tools.images().require(work.spec(), cancellation);
                tools.workspace().prepare(work, files, cancellation);
            }
            cancellation.check();
            return start(attempt, attempt.fromBorder());
        } catch (UnusableImage e) {
            throw new Failure(FailureKind.BAD_SPEC, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Starts another container that goes on where the last one was ended from outside: from the newest border whose files
     * are as they were sealed. One that an earlier life started so is adopted.
     *
     * @return the engine's id
     */
    String resume(AttemptRecord attempt, Cancellation cancellation) throws IOException, InterruptedException, Failure {
        for (var found : tools.runtime().list(label())) {
            if (tools.runtime().inspect(found.id()) instanceof ContainerState.Running) {
                return found.id();
            }
            tools.runtime().remove(found.id());
        }
        tools.images().require(attempt.work().spec(), cancellation);
        int border = tools.workspace().layOutAgain(attempt, files, tools.hasher(), cancellation);
        LOG.info("Going on assignment={} border={} sealed={}", assignmentHash, border, attempt.reached());
        return start(attempt, border);
    }

    private String start(AttemptRecord attempt, int fromBorder) throws Failure {
        var work = attempt.work();
        var assignment = work.assignment();
        var run = new Sandbox.Run(
                work.spec(),
                assignment.provider(),
                work.jobId(),
                assignmentHash,
                fromBorder,
                assignment.toBorder(),
                attempt.gpus(),
                tools.classes().kernels(work.spec().image(), assignment.numericClass()),
                files);
        return switch (Sandbox.plan(run, tools.policy())) {
            case Sandbox.Plan.Allowed(var spec) -> tools.runtime().start(spec);
            case Sandbox.Plan.Refused(var reason) -> throw new Failure(FailureKind.BAD_SPEC, reason);
        };
    }

    void remove() {
        try {
            for (var found : tools.runtime().list(label())) {
                tools.runtime().remove(found.id());
            }
        } catch (EngineException e) {
            // The engine is away; reconciliation removes it once it is back.
            LOG.warn("Container not removed assignment={} detail={}", assignmentHash, e.getMessage());
        }
    }

    private Map<String, String> label() {
        return Map.of(Sandbox.ASSIGNMENT_LABEL, assignmentHash.value());
    }
}
