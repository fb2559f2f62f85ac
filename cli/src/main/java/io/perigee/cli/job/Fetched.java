package io.perigee.cli.job;

import io.perigee.cli.Refusal;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.result.BundleVerifier;
import io.perigee.protocol.result.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code perigee fetch} wrote: the proof, and beside it the outputs and perhaps a checkpoint. */
public record Fetched(Path directory, Bundle bundle) {
    static final String BUNDLE = "bundle.json";
    static final String OUTPUTS = "outputs";
    static final String CHECKPOINT = "checkpoint";

    /** Opens a directory, or the proof alone. */
    public static Fetched open(Path place) {
        var file = Files.isDirectory(place) ? place.resolve(BUNDLE) : place;
        try {
            return new Fetched(place, Json.read(Files.readAllBytes(file), Bundle.class));
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Expected a proof at '%s', but it is not readable".formatted(file),
                    "perigee fetch JOB --to DIR");
        }
    }

    /** The outputs, when they are what the winners sealed. */
    public Path provenOutputs() {
        var outputs = directory.resolve(OUTPUTS);
        if (!Files.isDirectory(outputs)) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Expected outputs at '%s', but there are none".formatted(outputs),
                    "perigee fetch JOB --to DIR");
        }
        for (var check : files()) {
            if (!check.ok()) {
                throw new Refusal(
                        ErrorCode.DIGEST_MISMATCH,
                        "Expected that %s, but %s".formatted(check.name(), check.detail()),
                        "perigee verify %s".formatted(directory));
            }
        }
        return outputs;
    }

    /** Whether the files beside the proof are those it is about. */
    List<Check> files() {
        var checks = new ArrayList<Check>();
        try {
            var outputs = directory.resolve(OUTPUTS);
            if (Files.isDirectory(outputs)) {
                checks.add(BundleVerifier.outputs(
                        bundle, Manifest.ofDirectory(outputs).digest()));
            }
            var checkpoint = directory.resolve(CHECKPOINT);
            if (Files.isDirectory(checkpoint)) {
                checks.add(BundleVerifier.checkpoint(bundle, Manifest.ofDirectory(checkpoint)));
            }
        } catch (IOException e) {
            checks.add(new Check("the files are readable", false, String.valueOf(e.getMessage())));
        }
        return checks;
    }
}
