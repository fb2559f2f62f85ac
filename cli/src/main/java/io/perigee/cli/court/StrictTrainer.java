package io.perigee.cli.court;

import io.perigee.cli.engine.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The strict trainer beside this program, as a Java process: no engine is needed, and nothing shuts it in. */
record StrictTrainer(String classPath, Duration patience) implements Trainer {
    @Override
    public Program.Ended run(Stretch stretch) {
        var root = stretch.work();
        try {
            var inputs = Files.createDirectories(root.resolve("inputs"));
            link(inputs.resolve("base"), stretch.base());
            link(inputs.resolve("dataset"), stretch.dataset());
            link(root.resolve("resume"), stretch.resume());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var environment = new HashMap<>(Map.of("PERIGEE_ROOT", root.toString()));
        environment.put("PERIGEE_FROM", Integer.toString(stretch.from()));
        environment.put("PERIGEE_TO", Integer.toString(stretch.to()));
        return new Program(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--add-modules",
                                "jdk.incubator.vector",
                                "-cp",
                                classPath,
                                "io.perigee.trainers.strict.Main"),
                        environment,
                        "Run it on a faster machine")
                .run("", patience);
    }

    @Override
    public String words() {
        return "the strict trainer beside this program";
    }

    private static void link(Path place, Path target) throws IOException {
        if (Files.isDirectory(target)) {
            Files.createSymbolicLink(place, target.toAbsolutePath().normalize());
        }
    }
}
