package io.perigee.cli.court;

import io.perigee.cli.Refusal;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.result.CourtCase;
import io.perigee.protocol.result.SegmentHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a judge needs, in one directory: {@code case.json}, and beside it {@code base}, {@code dataset} and {@code checkpoint}
 * as far as the segment needs them. Whoever hands it on need not be trusted: {@link #check} holds every file against the
 * digests that the case names, and the case against the chain.
 */
record CaseDirectory(Path root) {
    static final String CASE = "case.json";

    Path base() {
        return root.resolve("base");
    }

    Path dataset() {
        return root.resolve("dataset");
    }

    /** The files of the border before the segment; not there for the job's first. */
    Path checkpoint() {
        return root.resolve("checkpoint");
    }

    CourtCase read() {
        var file = root.resolve(CASE);
        try {
            if (Files.size(file) > Json.MAX_DOCUMENT_BYTES) {
                throw unreadable(file, "it is larger than %d bytes".formatted(Json.MAX_DOCUMENT_BYTES));
            }
            return Json.read(Files.readAllBytes(file), CourtCase.class);
        } catch (IOException e) {
            throw unreadable(file, "it cannot be read");
        } catch (InvalidValue e) {
            throw unreadable(file, String.valueOf(e.getMessage()));
        }
    }

    void write(CourtCase about) {
        try {
            Files.createDirectories(root);
            Files.write(
                    root.resolve(CASE),
                    Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(about));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Copies the plain files of another directory to one of these; nothing when it is this very one. */
    void keep(Path source, Path target) {
        try {
            if (Files.isDirectory(target) && Files.isSameFile(source, target)) {
                return;
            }
            for (var entry : Manifest.ofDirectory(source).files()) {
                var to = target.resolve(entry.path());
                Files.createDirectories(to.getParent());
                Files.copy(source.resolve(entry.path()), to, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Takes the four files of a border out of a checkpoint, whatever else is beside them. */
    void keepCheckpoint(Path source) {
        try {
            if (Files.isDirectory(checkpoint()) && Files.isSameFile(source, checkpoint())) {
                return;
            }
            Files.createDirectories(checkpoint());
            for (var name : CheckpointFiles.NAMES) {
                Files.copy(source.resolve(name), checkpoint().resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Expected %s in '%s', but %s cannot be copied"
                            .formatted(String.join(", ", CheckpointFiles.NAMES), source, e.getMessage()),
                    "A checkpoint is what a trainer left in checkpoints/N");
        }
    }

    /** Holds every file against what the case says of it, before anything is run or signed. */
    void check(CourtCase about) {
        long most = about.spec().resources().disk();
        about.spec().baseId().ifPresent(id -> requireDirectory("base", base(), id, most));
        about.spec().datasetId().ifPresent(id -> requireDirectory("dataset", dataset(), id, most));
        about.prior().ifPresent(prior -> requireCheckpoint(prior, most));
    }

    private static void requireDirectory(String what, Path directory, ContentId id, long most) {
        requireThere(what, directory);
        try {
            requireBounded(what, directory, most);
            var manifest = Manifest.ofDirectory(directory);
            if (!manifest.digest().equals(id)) {
                throw mismatch("the %s '%s'".formatted(what, id), directory, manifest.digest() + " is there");
            }
        } catch (IOException e) {
            throw unreadable(directory, "it cannot be read: " + e.getMessage());
        } catch (InvalidValue e) {
            throw mismatch("the %s '%s'".formatted(what, id), directory, String.valueOf(e.getMessage()));
        }
    }

    /** By the sizes that the directories tell, so that nobody hashes for days. */
    private static void requireBounded(String what, Path directory, long most) throws IOException {
        long size = 0;
        long count = 0;
        try (var files = Files.walk(directory)) {
            for (var file : (Iterable<Path>) files::iterator) {
                size += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
                count++;
                if (size > most || count > 2L * Manifest.MAX_FILES) {
                    throw mismatch(
                            "a %s of at most %d files and the job's %d bytes of disk"
                                    .formatted(what, Manifest.MAX_FILES, most),
                            directory,
                            "there is more");
                }
            }
        }
    }

    private void requireCheckpoint(SegmentHashes prior, long most) {
        requireThere("checkpoint", checkpoint());
        var found = CheckpointFiles.hash(prior.border(), checkpoint(), most);
        var named = byName(prior);
        byName(found).forEach((name, digest) -> {
            if (!digest.equals(named.get(name))) {
                throw mismatch(
                        "%s of border %d with %s".formatted(name, prior.border(), named.get(name)),
                        checkpoint(),
                        digest + " is there");
            }
        });
    }

    static Map<String, ContentId> byName(SegmentHashes hashes) {
        var digests = new LinkedHashMap<String, ContentId>();
        var each = List.of(hashes.adapter(), hashes.optimizer(), hashes.state(), hashes.metrics());
        for (int i = 0; i < each.size(); i++) {
            digests.put(CheckpointFiles.NAMES.get(i), each.get(i));
        }
        return digests;
    }

    private static void requireThere(String what, Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new Refusal(
                    ErrorCode.NOT_FOUND,
                    "Expected the %s at '%s', but there is none".formatted(what, directory),
                    "Put it there, or name it with --%s DIR".formatted(what));
        }
    }

    private static Refusal mismatch(String expected, Path place, String fact) {
        return new Refusal(
                ErrorCode.DIGEST_MISMATCH,
                "Expected %s in '%s', but %s".formatted(expected, place, fact),
                "Take the case from somebody else; do not vote by this one");
    }

    private static Refusal unreadable(Path path, String fact) {
        return new Refusal(
                ErrorCode.MALFORMED,
                "Expected a case in '%s', but %s".formatted(path, fact),
                "'perigee court accuse' writes one; judges get it from the accuser");
    }

    private Refusal unwritable(IOException e) {
        return new Refusal(
                ErrorCode.MALFORMED,
                "Expected to write the case into '%s', but %s".formatted(root, e.getMessage()),
                "Check the directory, or name another with --to");
    }
}
