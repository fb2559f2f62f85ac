package io.perigee.agent.execution;

import io.perigee.agent.sandbox.JobFiles;
import io.perigee.agent.store.JobWritten;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.spec.JobSpec;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a container that says it is done left what the contract asks for. */
final class OutputContract {
    private static final List<String> PEFT = List.of("adapter_config.json", "adapter_model.safetensors");
    private static final List<String> WHOLE_MODEL = List.of("config.json", "model.safetensors");

    private OutputContract() {}

    /**
     * The outputs' manifest.
     *
     * @throws Failure when the contract is broken, saying what was expected
     */
    static Manifest outputs(JobSpec spec, JobFiles files) throws Failure, IOException {
        try {
            var tree = JobWritten.tree(
                    files.outputs(), Manifest.MAX_FILES, spec.resources().disk());
            var names = tree.stream().map(JobWritten.Entry::path).toList();
            var needed = needed(spec.method());
            if (!names.containsAll(needed)) {
                throw broken("Expected outputs/ to hold %s, but it holds %s"
                        .formatted(String.join(" and ", needed), list(names)));
            }
            if (names.isEmpty()) {
                throw broken("Expected outputs/ to hold the job's result files, but it is empty");
            }
            return new Manifest(tree.stream()
                    .map(e -> new FileEntry(e.path(), e.size(), e.sha256()))
                    .toList());
        } catch (JobWritten.Unacceptable | InvalidValue e) {
            throw broken("Expected outputs/ to hold plain files, but: " + e.getMessage());
        }
    }

    /** What a method leaves: an adapter in PEFT's layout, or the whole model. */
    static List<String> needed(JobSpec.@Nullable Method method) {
        if (method == null) {
            return List.of();
        }
        return switch (method.kind()) {
            case LORA, RSLORA, DORA, QLORA -> PEFT;
            case FULL -> WHOLE_MODEL;
        };
    }

    /** @throws Failure when borders are missing */
    static void borders(AttemptRecord attempt) throws Failure {
        if (attempt.reached() < attempt.toBorder()) {
            throw broken(
                    ("Expected checkpoints/%d/ with %s and then DONE before the container exits with 0, but the last"
                                    + " complete border is %d of %d")
                            .formatted(
                                    attempt.reached() + 1,
                                    String.join(", ", CheckpointHasher.FILES),
                                    attempt.reached(),
                                    attempt.toBorder()));
        }
    }

    static Failure broken(String detail) {
        return new Failure(FailureKind.CONTRACT_BROKEN, detail);
    }

    private static String list(List<String> names) {
        return names.isEmpty() ? "nothing" : Text.bounded(String.join(", ", names), 200);
    }
}
