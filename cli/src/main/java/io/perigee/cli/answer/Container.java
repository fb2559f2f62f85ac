package io.perigee.cli.answer;

import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;

import io.perigee.cli.Refusal;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The job's own image in the container engine of this machine, shut in as providers do it: no network, nothing to write
 * to, no privileges.
 *
 * @param address where the engine listens, as its program's own variables say it
 * @param archive fetches the image when the engine does not have it
 */
record Container(String engine, Map<String, String> address, ContentId image, Supplier<Path> archive, Duration patience)
        implements Answerer {
    private static final Duration SHORT = Duration.ofMinutes(1);
    private static final Set<String> ADDRESS = Set.of("DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_HOST");

    /** What an environment says about where the engine listens. */
    static Map<String, String> address(Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(variable -> ADDRESS.contains(variable.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The engine's program: the named one, or the first there is. */
    static Optional<String> engine(Map<String, String> environment) {
        var named = environment.get("PERIGEE_ENGINE");
        if (named != null && !named.isBlank()) {
            return Optional.of(named);
        }
        var path = environment.getOrDefault("PATH", "").split(File.pathSeparator);
        for (var program : List.of("docker", "podman")) {
            for (var directory : path) {
                if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                    return Optional.of(program);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Answers answer(Question question) {
        requireReadable(question.base());
        requireReadable(question.adapter());
        if (run(List.of(engine, "image", "inspect", image.value()), SHORT).exit() != 0) {
            load();
        }
        var command = command(question);
        return Program.answers(new Program(command, address).run(question.prompt(), patience));
    }

    /** The image runs as nobody, who reads what everybody may. */
    private static void requireReadable(Path directory) {
        try (var files = Files.walk(directory)) {
            var closed = files.filter(file -> !open(file)).findFirst();
            if (closed.isPresent()) {
                throw new Refusal(
                        ErrorCode.UNSUPPORTED,
                        "Expected everybody to be allowed to read '%s', but not everybody is".formatted(closed.get()),
                        "chmod -R a+rX %s".formatted(directory));
            }
        } catch (IOException | UncheckedIOException e) {
            throw new Refusal(
                    ErrorCode.UNAVAILABLE,
                    "Expected to read '%s', but %s".formatted(directory, e.getMessage()),
                    "Look at the directory");
        }
    }

    private static boolean open(Path file) {
        try {
            var allowed = Files.getPosixFilePermissions(file);
            return allowed.contains(OTHERS_READ) && (!Files.isDirectory(file) || allowed.contains(OTHERS_EXECUTE));
        } catch (UnsupportedOperationException _) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> command(Question question) {
        var command = new ArrayList<>(List.of(
                engine,
                "run",
                "--rm",
                "--interactive",
                "--network=none",
                "--read-only",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges",
                "--user=65534:65534",
                "--tmpfs=/tmp",
                "--volume=%s:/perigee/inputs/base:ro".formatted(question.base().toAbsolutePath()),
                "--volume=%s:/perigee/inputs/adapter:ro"
                        .formatted(question.adapter().toAbsolutePath()),
                image.value(),
                "generate",
                Integer.toString(question.tokens())));
        if (question.chat()) {
            command.add("chat");
        }
        return command;
    }

    private void load() {
        var ended = run(List.of(engine, "load", "--input", archive.get().toString()), patience);
        if (ended.exit() != 0) {
            throw new Refusal(
                    ErrorCode.UNAVAILABLE,
                    "Expected '%s' to load the trainer's image, but it ended with %d".formatted(engine, ended.exit()),
                    "%s load --input FILE shows why".formatted(engine));
        }
    }

    private Program.Ended run(List<String> command, Duration patience) {
        return new Program(command, address).run("", patience);
    }
}
