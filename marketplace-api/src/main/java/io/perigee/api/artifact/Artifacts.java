package io.perigee.api.artifact;

import io.perigee.api.persistence.Ids;
import io.perigee.api.problem.Refused;
import io.perigee.api.session.Caller;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.error.Rejected;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.spec.Violation;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rules of storing and reading. Calls block on files and the database; they are made on virtual threads. */
@Singleton
public final class Artifacts {
    /** A manifest of ten thousand files with paths of full length. */
    private static final long LARGEST_MANIFEST = 8L << 20;

    private static final int VIOLATIONS_SHOWN = 20;
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}");

    private final ArtifactStore store;
    private final ArtifactBook book;
    private final Settings.Artifacts settings;
    private final Ids ids;
    private final Clock clock;

    Artifacts(ArtifactStore store, ArtifactBook book, Settings settings, Ids ids, Clock clock) {
        this.store = store;
        this.book = book;
        this.settings = settings.api().artifacts();
        this.ids = ids;
        this.clock = clock;
    }

    /** An upload and how far it is. */
    record Progress(Upload upload, long offset) {}

    Progress announce(Caller caller, UploadRequest request) throws IOException {
        refuse(request);
        var known = !book.readable(caller.subject(), List.of(request.sha256())).isEmpty()
                && !isManifest(request.mediaType());
        var upload = new Upload(
                ids.uuid(clock.instant()),
                caller.subject(),
                request.sha256(),
                request.size(),
                request.mediaType(),
                known);
        if (!known) {
            mustHaveRoom(request.size());
        }
        var noted = book.announce(upload, holdings -> refuse(request, caller, holdings), clock.instant());
        if (known) {
            return new Progress(noted, noted.size());
        }
        var received = store.received(noted.id());
        return received == noted.size() ? finish(noted) : new Progress(noted, received);
    }

    Progress find(Caller caller, UUID id) throws IOException {
        var upload = upload(caller, id);
        return new Progress(upload, upload.complete() ? upload.size() : store.received(id));
    }

    Progress append(Caller caller, UUID id, long offset, InputStream bytes) throws IOException {
        var upload = upload(caller, id);
        if (upload.complete()) {
            return new Progress(upload, upload.size());
        }
        mustHaveRoom(Math.max(0, upload.size() - offset));
        return switch (store.append(id, offset, upload.size(), bytes)) {
            case ArtifactStore.Appended.Kept(var received) ->
                received == upload.size() ? finish(upload) : new Progress(upload, received);
            case ArtifactStore.Appended.ElsewhereAt(var received) ->
                throw new Refused(
                        ErrorCode.OFFSET_MISMATCH,
                        "Expected to continue upload '%s' at %d, but the request starts at %d"
                                .formatted(id, received, offset));
            case ArtifactStore.Appended.TooMuch _ -> {
                drop(upload);
                throw new Refused(
                        ErrorCode.DIGEST_MISMATCH,
                        "Expected to receive %d bytes for '%s', but more came; nothing was kept"
                                .formatted(upload.size(), upload.content()));
            }
            case ArtifactStore.Appended.Busy _ ->
                throw new Refused(
                        ErrorCode.CONFLICT,
                        "Expected to append to upload '%s', but another request is appending to it now".formatted(id));
        };
    }

    /** The size of what the caller may read. */
    long size(Caller caller, ContentId id) throws IOException {
        if (book.readable(caller.subject(), List.of(id)).isEmpty()) {
            throw missing(id);
        }
        return store.size(id).orElseThrow(() -> missing(id));
    }

    /** Opens what {@link #size} has allowed. */
    InputStream open(ContentId id, long offset) throws IOException {
        return store.open(id, offset).orElseThrow(() -> missing(id));
    }

    private Progress finish(Upload upload) throws IOException {
        var manifest = isManifest(upload.mediaType()) ? Optional.of(manifest(upload)) : Optional.<Manifest>empty();
        if (!store.complete(upload.id(), upload.content())) {
            book.forget(upload.id());
            throw new Refused(
                    ErrorCode.DIGEST_MISMATCH,
                    "Expected to receive the content '%s', but what came has another hash; nothing was kept"
                            .formatted(upload.content()));
        }
        book.stored(upload, manifest, clock.instant());
        return new Progress(
                new Upload(upload.id(), upload.subject(), upload.content(), upload.size(), upload.mediaType(), true),
                upload.size());
    }

    /** Reads a manifest before it is content, and insists that its sender may read every file it names. */
    private Manifest manifest(Upload upload) throws IOException {
        Manifest manifest;
        try (var in = store.peek(upload.id())) {
            manifest = Manifest.ofBytes(in.readNBytes((int) LARGEST_MANIFEST));
        } catch (InvalidValue invalid) {
            drop(upload);
            throw new Refused(ErrorCode.MALFORMED, String.valueOf(invalid.getMessage()));
        }
        var named = manifest.files().stream().map(FileEntry::sha256).collect(Collectors.toSet());
        var readable = book.readable(upload.subject(), named);
        var missing = manifest.files().stream()
                .filter(entry -> !readable.contains(entry.sha256()))
                .toList();
        if (!missing.isEmpty()) {
            throw new Refused(
                    new Rejected(
                            ErrorCode.ARTIFACT_MISSING,
                            "Expected every file of manifest '%s' to be uploaded before it, but %d are not; upload them and send an empty PATCH"
                                    .formatted(upload.content(), missing.size())),
                    missing.stream()
                            .limit(VIOLATIONS_SHOWN)
                            .map(entry -> new Violation(
                                    entry.path(),
                                    "an uploaded file",
                                    entry.sha256().value(),
                                    "POST /api/v1/artifacts/uploads"))
                            .toList());
        }
        for (var entry : manifest.files()) {
            var size = store.size(entry.sha256());
            if (size.isPresent() && size.get() != entry.size()) {
                drop(upload);
                throw new Refused(
                        ErrorCode.DIGEST_MISMATCH,
                        "Expected '%s' to be %d bytes long as its manifest says, but it has %d"
                                .formatted(entry.path(), entry.size(), size.get()));
            }
        }
        return manifest;
    }

    /** A full disk would stop more than uploads. */
    private void mustHaveRoom(long bytes) throws IOException {
        long free = store.room();
        long reserve = settings.reserve().asLongValue();
        if (bytes > free - reserve) {
            throw new Refused(
                    ErrorCode.UNAVAILABLE,
                    "Expected room for %d bytes more, but the disk of the hub's store has %d free and keeps %d of them; its operator must free some"
                            .formatted(bytes, free, reserve));
        }
    }

    private void refuse(UploadRequest request) {
        var largest = isManifest(request.mediaType())
                ? LARGEST_MANIFEST
                : settings.maxSize().asLongValue();
        if (request.size() < 0) {
            throw new Refused(ErrorCode.MALFORMED, "Expected 'size' to be 0 or more, but it is " + request.size());
        }
        if (request.size() > largest) {
            throw new Refused(
                    ErrorCode.TOO_LARGE,
                    "Expected an artifact of at most %d bytes, but it has %d".formatted(largest, request.size()));
        }
        if (!MEDIA_TYPE.matcher(request.mediaType()).matches()) {
            throw new Refused(
                    ErrorCode.MALFORMED,
                    "Expected 'mediaType' to be a media type such as application/json, but it is none");
        }
    }

    private void refuse(UploadRequest request, Caller caller, ArtifactBook.Holdings holdings) {
        if (holdings.openUploads() >= settings.maxOpenUploads()) {
            throw new Refused(
                    ErrorCode.RATE_LIMITED,
                    "Expected at most %d unfinished uploads, but there are as many"
                            .formatted(settings.maxOpenUploads()));
        }
        if (holdings.bytes() + request.size() > settings.quota().asLongValue()) {
            throw new Refused(
                    ErrorCode.TOO_LARGE,
                    "Expected to keep at most %d bytes for '%s', but it would be %d"
                            .formatted(
                                    settings.quota().asLongValue(),
                                    caller.subject(),
                                    holdings.bytes() + request.size()));
        }
    }

    private Upload upload(Caller caller, UUID id) {
        return book.find(id, caller.subject())
                .orElseThrow(() -> new Refused(
                        ErrorCode.NOT_FOUND, "Expected to find upload '%s', but there is none of yours".formatted(id)));
    }

    private void drop(Upload upload) throws IOException {
        store.drop(upload.id());
        book.forget(upload.id());
    }

    private static Refused missing(ContentId id) {
        return new Refused(
                ErrorCode.NOT_FOUND,
                "Expected to find artifact '%s', but there is none that you may read".formatted(id));
    }

    private static boolean isManifest(String mediaType) {
        return mediaType.equals(Manifest.MEDIA_TYPE);
    }
}
