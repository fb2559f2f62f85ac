package io.perigee.api.artifact;

import io.perigee.api.problem.Refused;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.spec.Violation;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Insists that the files of a manifest are here before it, and its sender's to read. Of one that was refused some of what it
 * lacked is remembered: while that is not here, nobody need read the manifest again.
 */
@Singleton
final class ManifestFiles {
    private static final int SHOWN = 20;
    private static final int REMEMBERED = 256;

    private final ArtifactStore store;
    private final ArtifactBook book;
    private final Clock clock;

    private final Map<UUID, List<FileEntry>> lacking = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, List<FileEntry>> eldest) {
            return size() > REMEMBERED;
        }
    };

    ManifestFiles(ArtifactStore store, ArtifactBook book, Clock clock) {
        this.store = store;
        this.book = book;
        this.clock = clock;
    }

    /** Refuses by throwing an upload that lacked something when it was read last, and lacks it still. */
    void checkAgain(Upload upload) throws IOException {
        var missing = missing(upload, remembered(upload.id()));
        if (!missing.isEmpty()) {
            throw refusal(upload, missing, "at least " + missing.size());
        }
    }

    /** Refuses by throwing what lacks a file. */
    void check(Upload upload, Manifest manifest) throws IOException {
        var missing = missing(upload, manifest.files());
        if (!missing.isEmpty()) {
            remember(upload.id(), missing.stream().limit(SHOWN).toList());
            throw refusal(upload, missing, Integer.toString(missing.size()));
        }
        forget(upload.id());
    }

    /** What a manifest says of a file that is here and is not so. */
    Optional<Refused> contradiction(Manifest manifest) throws IOException {
        for (var entry : manifest.files()) {
            var size = store.size(entry.sha256());
            if (size.isPresent() && size.get() != entry.size()) {
                return Optional.of(new Refused(
                        ErrorCode.DIGEST_MISMATCH,
                        "Expected '%s' to be %d bytes long as its manifest says, but it has %d"
                                .formatted(entry.path(), entry.size(), size.get())));
            }
        }
        return Optional.empty();
    }

    private List<FileEntry> missing(Upload upload, Collection<FileEntry> entries) throws IOException {
        var readable = book.use(
                upload.subject(), entries.stream().map(FileEntry::sha256).collect(Collectors.toSet()), clock.instant());
        var missing = new ArrayList<FileEntry>();
        for (var entry : entries) {
            if (!isHere(entry.sha256(), readable)) {
                missing.add(entry);
            }
        }
        return missing;
    }

    /** An operator may have taken away a file that somebody may read. */
    private boolean isHere(ContentId file, Collection<ContentId> readable) throws IOException {
        return readable.contains(file) && store.size(file).isPresent();
    }

    private static Refused refusal(Upload upload, List<FileEntry> missing, String count) {
        return new Refused(
                new Rejected(
                        ErrorCode.ARTIFACT_MISSING,
                        "Expected every file of manifest '%s' to be uploaded before it, but %s are not; upload them and send an empty PATCH"
                                .formatted(upload.content(), count)),
                missing.stream()
                        .limit(SHOWN)
                        .map(entry -> new Violation(
                                entry.path(),
                                "an uploaded file",
                                entry.sha256().value(),
                                "POST /api/v1/artifacts/uploads"))
                        .toList());
    }

    private List<FileEntry> remembered(UUID upload) {
        synchronized (lacking) {
            return lacking.getOrDefault(upload, List.of());
        }
    }

    private void remember(UUID upload, List<FileEntry> missing) {
        synchronized (lacking) {
            lacking.put(upload, missing);
        }
    }

    private void forget(UUID upload) {
        synchronized (lacking) {
            lacking.remove(upload);
        }
    }
}
