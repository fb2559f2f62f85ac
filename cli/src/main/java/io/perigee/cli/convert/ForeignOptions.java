package io.perigee.cli.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.cli.convert.Conversion.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a job needs and a tool's file does not say. */
public final class ForeignOptions {
    private static final String TRAINER = "lora";

    @Option(
            names = "--price",
            paramLabel = "TOKENS",
            description = "the most that the job's runs and audits may be paid together")
    private @Nullable String price;

    @Option(names = "--base", paramLabel = "DIR", description = "the base model, when the file names none that is here")
    private @Nullable Path base;

    @Option(
            names = "--dataset",
            paramLabel = "PATH",
            description = "the dataset, when the file names none that is here")
    private @Nullable Path dataset;

    @Option(names = "--rows", paramLabel = "N", description = "the dataset's rows, when they cannot be counted here")
    private @Nullable Integer rows;

    @Option(names = "--steps", paramLabel = "N", description = "optimiser steps, instead of what the epochs come to")
    private @Nullable Integer steps;

    @Option(names = "--name", paramLabel = "NAME", description = "the job's name (default: the file's)")
    private @Nullable String name;

    @Option(names = "--trainer", paramLabel = "NAME", description = "the trainer (default: lora)")
    private @Nullable String trainer;

    @Option(names = "--accept", paramLabel = "KEY", description = "leave this key out although it changes the training")
    private List<String> accepted = new ArrayList<>();

    /** Whether any of them was given. */
    public boolean given() {
        return price != null
                || base != null
                || dataset != null
                || rows != null
                || steps != null
                || name != null
                || trainer != null
                || !accepted.isEmpty();
    }

    /** Whether it is known what may be spent. */
    public boolean priced() {
        return price != null;
    }

    /**
     * Reads a tool's file as a job.
     *
     * @param origin to which paths in the job are relative
     * @throws NotTheSame when what is left would be another training
     */
    public Conversion convert(Tool tool, ObjectNode content, Path file, Path origin) {
        var request = new Request(
                Optional.ofNullable(name),
                trainer == null ? TRAINER : trainer,
                here(base),
                here(dataset),
                Optional.ofNullable(price),
                Optional.ofNullable(rows),
                Optional.ofNullable(steps),
                accepted);
        return ForeignFile.convert(tool, content, file, origin, request);
    }

    private static Optional<Path> here(@Nullable Path path) {
        return Optional.ofNullable(path).map(given -> given.toAbsolutePath().normalize());
    }
}
