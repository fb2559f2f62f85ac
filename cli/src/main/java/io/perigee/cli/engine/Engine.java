package io.perigee.cli.engine;

import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;

import io.perigee.cli.Refusal;
import io.perigee.image.ImageArchive;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.spec.SpecLimits;
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
import java.util.stream.Collectors;

/**
 * The container engine of this machine. What it runs is shut in as providers do it: no network, no privileges, a root that
 * nothing can be written to.
 *
 * @param address where the engine listens, as its program's own variables say it
 */
public record Engine(String program, Map<String, String> address) {
    private static final long LARGEST_ARCHIVE = SpecLimits.IMAGE;
    private static final Duration SHORT = Duration.ofMinutes(1);
    private static final Set<String> ADDRESS = Set.of("DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_HOST");
    /** Where a shell and what it needs stand. */
    private static final List<String> SYSTEM = List.of("/bin", "/usr", "/lib", "/lib64");

    private static final List<String> WALLS = List.of(
            "--network=none",
            "--read-only",
            "--cap-drop=ALL",
            "--security-opt=no-new-privileges",
            "--user=65534:65534",
            "--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=64000000",
            "--ulimit=core=0:0",
            "--no-healthcheck",
            // an image may ask for GPUs by this variable, and NVIDIA's runtime gives them
            "--env=NVIDIA_VISIBLE_DEVICES=void",
            "--log-driver=json-file",
            "--log-opt=max-size=1m");

    /** The named one, or the first there is. */
    public static Engine of(Map<String, String> environment) {
        var program = program(environment)
                .orElseThrow(() -> new Refusal(
                        ErrorCode.UNSUPPORTED,
                        "Expected a container engine to run the trainer in, but neither docker nor podman is on the PATH",
                        "Install one, or set PERIGEE_ENGINE"));
        return new Engine(
                program,
                environment.entrySet().stream()
                        .filter(variable -> ADDRESS.contains(variable.getKey()))
                        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static Optional<String> program(Map<String, String> environment) {
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

    /** Refuses an image that brings volumes: each would be a directory of this machine that it may fill. */
    public void requireNoVolumes(ContentId image) {
        var said = call(List.of("image", "inspect", "--format", "{{json .Config.Volumes}}", image.value()), SHORT);
        var volumes = said.output().strip();
        if (said.exit() != 0 || !(volumes.isEmpty() || volumes.equals("null") || volumes.equals("{}"))) {
            throw new Refusal(
                    ErrorCode.UNSUPPORTED,
                    "Expected an image without volumes, but '%s' declares some or cannot be looked into"
                            .formatted(image),
                    "%s image inspect %s shows them".formatted(program, image));
        }
    }

    public boolean has(ContentId image) {
        return call(List.of("image", "inspect", image.value()), SHORT).exit() == 0;
    }

    /** Loads the one image out of an archive, and nothing else that is in it: no tag of this machine moves. */
    public void load(ContentId image, Path archive, Duration patience) {
        requireSize(archive);
        var ended = load(new ImageArchive(archive, image, LARGEST_ARCHIVE), patience);
        if (ended.exit() != 0) {
            throw new Refusal(
                    ErrorCode.UNAVAILABLE,
                    "Expected '%s' to load the trainer's image, but it ended with %d".formatted(program, ended.exit()),
                    "%s load --input FILE shows why".formatted(program));
        }
    }

    private Program.Ended load(ImageArchive archive, Duration patience) {
        try {
            return new Program(List.of(program, "load"), address, "Is the engine running?")
                    .run(archive::writeTo, patience, Program.Limit.NONE);
        } catch (ImageArchive.BadArchive e) {
            throw new Refusal(
                    ErrorCode.UNSUPPORTED,
                    String.valueOf(e.getMessage()),
                    "Take the archive from somebody else, or load the image into the engine yourself if you trust it");
        }
    }

    private static void requireSize(Path archive) {
        try {
            long size = Files.size(archive);
            if (size > LARGEST_ARCHIVE) {
                throw new Refusal(
                        ErrorCode.UNSUPPORTED,
                        "Expected an image archive of at most %d bytes, but it has %d".formatted(LARGEST_ARCHIVE, size),
                        "Load it into the engine yourself if you trust it");
            }
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.UNAVAILABLE,
                    "Expected to read the image archive '%s', but %s".formatted(archive, e.getMessage()),
                    "Look at the file");
        }
    }

    /** Runs one container and waits for its end. */
    public Program.Ended run(List<String> options, String input, Duration patience, String late) {
        return run(options, Program.Input.of(input), patience, late, Program.Limit.NONE);
    }

    /** The same; who is over its limit may have to be removed by its name. */
    public Program.Ended run(
            List<String> options, Program.Input input, Duration patience, String late, Program.Limit limit) {
        var command = new ArrayList<>(List.of(program, "run", "--rm"));
        command.addAll(WALLS);
        command.addAll(options);
        return new Program(command, address, late).run(input, patience, limit);
    }

    /**
     * Removes what containers of this program wrote into a directory, where it is closed to whoever runs this program: this
     * machine's own shell does it, behind the same walls, as the nobody that they ran as.
     *
     * @param image any that the engine has: nothing of it runs
     */
    public void sweep(ContentId image, Path directory) {
        var options = new ArrayList<String>();
        SYSTEM.stream()
                .filter(system -> Files.isDirectory(Path.of(system)))
                .forEach(system -> options.add("--volume=%1$s:%1$s:ro".formatted(system)));
        options.add("--volume=%s:/sweep".formatted(directory.toAbsolutePath().normalize()));
        options.addAll(List.of(
                "--env=PATH=/usr/bin:/bin",
                "--entrypoint=/bin/sh",
                image.value(),
                "-c",
                "chmod -R u+rwx /sweep; rm -rf /sweep/* /sweep/.[!.]* /sweep/..?*"));
        run(options, "", SHORT, "Is the engine running?");
    }

    /** Ends and removes a container; nothing when there is none of that name. */
    public void remove(String name) {
        call(List.of("rm", "--force", name), SHORT);
    }

    /** The image runs as nobody, who reads what everybody may. */
    public static void requireReadable(Path directory) {
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

    private Program.Ended call(List<String> words, Duration patience) {
        var command = new ArrayList<>(List.of(program));
        command.addAll(words);
        return new Program(command, address, "Is the engine running?").run("", patience);
    }
}
