package io.perigee.cli.answer;

import io.perigee.cli.engine.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The strict trainer as a Java process beside this one: no container engine is needed, and the bits are the same. */
record StrictProcess(String classPath, Duration patience) implements Answerer {
    @Override
    public Answers answer(Question question) {
        Path root = null;
        try {
            root = Files.createTempDirectory("perigee-strict");
            var inputs = Files.createDirectory(root.resolve("inputs"));
            Files.createSymbolicLink(
                    inputs.resolve("base"), question.base().toAbsolutePath().normalize());
            Files.createSymbolicLink(
                    inputs.resolve("adapter"),
                    question.adapter().toAbsolutePath().normalize());
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-cp",
                    classPath,
                    "io.perigee.trainers.strict.Main",
                    "generate",
                    Integer.toString(question.tokens())));
            if (question.chat()) {
                command.add("chat");
            }
            return Answers.of(new Program(
                            command,
                            Map.of("PERIGEE_ROOT", root.toString()),
                            "Ask for fewer tokens, or on a faster machine")
                    .run(question.prompt(), patience));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            remove(root);
        }
    }

    private static void remove(@org.jspecify.annotations.Nullable Path root) {
        if (root != null) {
            for (var part : List.of("inputs/base", "inputs/adapter", "inputs", "")) {
                root.resolve(part).toFile().delete();
            }
        }
    }
}
