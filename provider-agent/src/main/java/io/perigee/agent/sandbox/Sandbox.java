package io.perigee.agent.sandbox;

import io.perigee.agent.sandbox.ContainerSpec.Mount;
import io.perigee.agent.sandbox.ContainerSpec.Scratch;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.Digest;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.ProviderId;
import io.perigee.protocol.spec.JobSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The security core: what a stranger's job is allowed to be on this machine, as a pure function of the job and the
 * owner's policy. Engines only print its result.
 */
public final class Sandbox {
    public static final String PROVIDER_LABEL = "perigee.provider";
    public static final String JOB_LABEL = "perigee.job";
    public static final String ASSIGNMENT_LABEL = "perigee.assignment";

    private static final String KERNELS = "PERIGEE_KERNELS";
    /** An image may ask for GPUs by this variable, and NVIDIA's runtime gives them, whoever leased them. */
    private static final Map<String, String> NO_GPUS = Map.of("NVIDIA_VISIBLE_DEVICES", "void");

    private static final long MOST_FOR_CLASSES = 4_000_000_000L;
    private static final String HOME = "/perigee/";
    private static final long BILLION = 1_000_000_000L;

    private Sandbox() {}

    /**
     * One run of a job.
     *
     * @param fromBorder border to start from
     * @param toBorder border to reach
     * @param gpus UUIDs of the GPUs leased for it, as many as the job asks for
     * @param kernels what the image is told to compute with, for the assignment's numeric class; empty when it is not told
     */
    public record Run(
            JobSpec spec,
            ProviderId provider,
            JobId jobId,
            Digest assignmentHash,
            int fromBorder,
            int toBorder,
            List<String> gpus,
            String kernels,
            JobFiles files) {
        public Run {
            gpus = List.copyOf(gpus);
        }
    }

    /** The answer to a run. */
    public sealed interface Plan {
        record Allowed(ContainerSpec container) implements Plan {}

        /** @param reason one sentence, "Expected …, but …" */
        record Refused(String reason) implements Plan {}
    }

    /** Plans the container, or says which of the owner's limits it would break. */
    public static Plan plan(Run run, SandboxPolicy policy) {
        return refusal(run, policy)
                .<Plan>map(Plan.Refused::new)
                .orElseGet(() -> new Plan.Allowed(container(run, policy)));
    }

    /** The owner's limit this spec would break, if any; needs no files and no GPUs yet. */
    public static Optional<String> refusal(JobSpec spec, SandboxPolicy policy) {
        var need = spec.resources();
        if (need.memory() > policy.maxMemoryBytes()) {
            return over("bytes of memory", policy.maxMemoryBytes(), need.memory());
        }
        if (need.cpu() > policy.maxCpus()) {
            return over("cores", policy.maxCpus(), need.cpu());
        }
        if (need.disk() > policy.maxDiskBytes()) {
            return over("bytes of disk", policy.maxDiskBytes(), need.disk());
        }
        if (need.gpu().count() > policy.maxGpus()) {
            return over("GPUs", policy.maxGpus(), need.gpu().count());
        }
        if (need.cpu() < 1 || need.memory() < policy.scratchBytes()) {
            return Optional.of("Expected at least 1 core and %d bytes of memory, but the job asks for %d and %d"
                    .formatted(policy.scratchBytes(), need.cpu(), need.memory()));
        }
        return Optional.empty();
    }

    private static Optional<String> refusal(Run run, SandboxPolicy policy) {
        if (run.gpus().size() != run.spec().resources().gpu().count()) {
            return Optional.of("Expected %d leased GPUs, but there are %d"
                    .formatted(run.spec().resources().gpu().count(), run.gpus().size()));
        }
        return refusal(run.spec(), policy);
    }

    private static Optional<String> over(String what, long most, long asked) {
        return Optional.of("Expected a job of at most %d %s, but it asks for %d".formatted(most, what, asked));
    }

    private static ContainerSpec container(Run run, SandboxPolicy policy) {
        var need = run.spec().resources();
        return new ContainerSpec(
                name(run.assignmentHash()),
                run.spec().image(),
                List.of(),
                environment(run),
                Map.of(
                        PROVIDER_LABEL, run.provider().value(),
                        JOB_LABEL, run.jobId().toString(),
                        ASSIGNMENT_LABEL, run.assignmentHash().value()),
                policy.user(),
                need.memory(),
                Math.multiplyExact(need.cpu(), BILLION),
                policy.pids(),
                new Scratch("/tmp", policy.scratchBytes(), policy.user()),
                mounts(run),
                run.gpus(),
                policy.logBytes(),
                policy.runtime());
    }

    private static Map<String, String> environment(Run run) {
        var environment = new HashMap<String, String>();
        if (run.gpus().isEmpty()) {
            environment.putAll(NO_GPUS);
        }
        environment.put("PERIGEE_FROM", Integer.toString(run.fromBorder()));
        environment.put("PERIGEE_TO", Integer.toString(run.toBorder()));
        if (!run.kernels().isEmpty()) {
            environment.put(KERNELS, run.kernels());
        }
        return environment;
    }

    /**
     * The container that asks an image for its numeric classes here: the same walls, and nothing of any job.
     *
     * @param name unique on the engine
     * @param cpus as many as one attempt is lent
     * @param gpus UUIDs; empty on a machine without
     */
    public static ContainerSpec classes(
            String name, ContentId image, ProviderId provider, int cpus, List<String> gpus, SandboxPolicy policy) {
        return new ContainerSpec(
                name,
                image,
                List.of("class"),
                gpus.isEmpty() ? NO_GPUS : Map.of(),
                Map.of(PROVIDER_LABEL, provider.value()),
                policy.user(),
                Math.min(policy.maxMemoryBytes(), MOST_FOR_CLASSES),
                Math.multiplyExact(cpus, BILLION),
                policy.pids(),
                new Scratch("/tmp", policy.scratchBytes(), policy.user()),
                List.of(),
                gpus,
                policy.logBytes(),
                policy.runtime());
    }

    private static List<Mount> mounts(Run run) {
        var files = run.files();
        var mounts = new ArrayList<Mount>();
        mounts.add(new Mount(files.job(), HOME + "job.json", true));
        run.spec().baseId().ifPresent(_ -> mounts.add(new Mount(files.base(), HOME + "inputs/base", true)));
        run.spec().datasetId().ifPresent(_ -> mounts.add(new Mount(files.dataset(), HOME + "inputs/dataset", true)));
        if (run.fromBorder() > 0) {
            mounts.add(new Mount(files.resume(), HOME + "resume", true));
        }
        mounts.add(new Mount(files.checkpoints(), HOME + "checkpoints", false));
        mounts.add(new Mount(files.outputs(), HOME + "outputs", false));
        mounts.add(new Mount(files.progress(), HOME + "progress.jsonl", false));
        return mounts;
    }

    private static String name(Digest assignmentHash) {
        return "perigee-" + assignmentHash.value().substring(2);
    }
}
