package io.perigee.cli.settlement;

import io.perigee.cli.Refusal;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.result.KeptEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what agents keep of their runs. */
public final class EvidenceFiles {
    private static final int LARGEST = 1 << 20;
    /** Several times what an agent keeps. */
    private static final int MOST = 100_000;

    private EvidenceFiles() {}

    /** All of an agent's home, or the files named, or both; a file named twice counts once. None is left out in silence. */
    public static List<KeptEvidence> read(Optional<Path> agentHome, List<Path> files) {
        return read(agentHome, files, MOST);
    }

    static List<KeptEvidence> read(Optional<Path> agentHome, List<Path> files, int most) {
        var paths = new ArrayList<>(files);
        agentHome.ifPresent(home -> paths.addAll(list(home.resolve("evidence"), most)));
        var found = paths.stream().map(EvidenceFiles::read).distinct().toList();
        if (found.isEmpty()) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Expected evidence of a run, but %s"
                            .formatted(agentHome
                                    .map(home -> "there is none in '%s'".formatted(home.resolve("evidence")))
                                    .orElse("no file was named")),
                    "Name the agent's directory with --agent-home, or a file with --evidence");
        }
        return found;
    }

    private static List<Path> list(Path directory, int most) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var listing = Files.list(directory)) {
            var files = listing.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            if (files.size() > most) {
                throw new Refusal(
                        ErrorCode.UNSUPPORTED,
                        "Expected at most %d files of evidence in '%s', but there are %d, and more than that are not looked through at once"
                                .formatted(most, directory, files.size()),
                        "Name some of them with --evidence, and the others after them");
            }
            return files;
        } catch (IOException e) {
            throw unreadable(directory, "it cannot be listed");
        }
    }

    private static KeptEvidence read(Path path) {
        try {
            if (Files.size(path) > LARGEST) {
                throw unreadable(path, "it is larger than %d bytes".formatted(LARGEST));
            }
            return Json.read(Files.readAllBytes(path), KeptEvidence.class);
        } catch (IOException e) {
            throw unreadable(path, "it cannot be read");
        } catch (InvalidValue e) {
            throw unreadable(path, String.valueOf(e.getMessage()));
        }
    }

    private static Refusal unreadable(Path path, String fact) {
        return new Refusal(
                ErrorCode.MALFORMED,
                "Expected evidence in '%s', but %s".formatted(path, fact),
                "An agent writes one file a run into the directory 'evidence' of its home");
    }
}
