package io.perigee.api.artifact;

import io.perigee.api.persistence.Ids;
import io.perigee.api.problem.Refused;
import io.perigee.api.session.Caller;
import io.perigee.api.settings.Settings;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.UploadRequest;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The rules of storing and reading. Calls block on files and the database; they are made on virtual threads. */
@Singleton
public final class Artifacts {
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}");

    private final ArtifactStore store;
    private final ArtifactBook book;
    private final Manifests manifests;
    private final ManifestFiles files;
    private final Room room;
    private final Settings.Artifacts settings;
    private final Ids ids;
    private final Clock clock;
    private final Set<UUID> inHand = ConcurrentHashMap.newKeySet();

    Artifacts(
            ArtifactStore store,
            ArtifactBook book,
            Manifests manifests,
            ManifestFiles files,
            Room room,
            Settings settings,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.book = book;
        this.manifests = manifests;
        this.files = files;
        this.room = room;
        this.settings = settings.api().artifacts();
        this.ids = ids;
        this.clock = clock;
    }

    /** An upload and how far it is. */
    record Progress(Upload upload, long offset) {}

    Progress announce(Caller caller, UploadRequest request) throws IOException {
        refuse(request);
        boolean known = !isManifest(request.mediaType()) && isKnown(caller, request.sha256());
        var upload = new Upload(
                ids.uuid(clock.instant()),
                caller.subject(),
                request.sha256(),
                request.size(),
                request.mediaType(),
                known);
        if (!known) {
            room.mustHave(caller, request.size());
        }
        var noted = book.announce(upload, holdings -> refuse(request, caller, holdings), clock.instant());
        if (known) {
            return new Progress(noted, noted.size());
        }
        var received = store.received(noted.id());
        return received == noted.size() && !inHand.contains(noted.id())
                ? alone(noted.id(), () -> finish(upload(caller, noted.id())))
                : new Progress(noted, received);
    }

    /** An operator may have taken away the bytes. */
    private boolean isKnown(Caller caller, ContentId id) throws IOException {
        return store.size(id).isPresent()
                && !book.use(caller.subject(), List.of(id), clock.instant()).isEmpty();
    }

    Progress find(Caller caller, UUID id) throws IOException {
        var upload = upload(caller, id);
        return new Progress(upload, upload.complete() ? upload.size() : store.received(id));
    }

    Progress append(Caller caller, UUID id, long offset, InputStream bytes) throws IOException {
        return alone(id, () -> appendAlone(caller, id, offset, bytes));
    }

    /** What is done with an upload. */
    private interface Step {
        Progress take() throws IOException;
    }

    /** One request at a time: what one of them completes is content, and no upload any more, for another. */
    private Progress alone(UUID id, Step step) throws IOException {
        if (!inHand.add(id)) {
            throw busy(id);
        }
        try {
            return step.take();
        } finally {
            inHand.remove(id);
        }
    }

    private Progress appendAlone(Caller caller, UUID id, long offset, InputStream bytes) throws IOException {
        var upload = upload(caller, id);
        if (upload.complete()) {
            return new Progress(upload, upload.size());
        }
        room.mustHave(caller, Math.max(0, upload.size() - offset));
        return switch (store.append(id, offset, upload.size(), room.within(caller, bytes))) {
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
            case ArtifactStore.Appended.Busy _ -> throw busy(id);
        };
    }

    private static Refused busy(UUID id) {
        return new Refused(
                ErrorCode.CONFLICT,
                "Expected to append to upload '%s', but another request is appending to it now".formatted(id));
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
        if (upload.complete()) {
            return new Progress(upload, upload.size());
        }
        if (!isManifest(upload.mediaType())) {
            return complete(upload, Optional.empty());
        }
        files.checkAgain(upload);
        return manifests.working(upload.subject(), () -> complete(upload, Optional.of(manifest(upload))));
    }

    private Progress complete(Upload upload, Optional<Manifest> manifest) throws IOException {
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
            manifest = manifests.read(in);
        } catch (InvalidValue invalid) {
            drop(upload);
            throw new Refused(ErrorCode.MALFORMED, String.valueOf(invalid.getMessage()));
        }
        files.check(upload, manifest);
        var contradiction = files.contradiction(manifest);
        if (contradiction.isPresent()) {
            drop(upload);
            throw contradiction.get();
        }
        return manifest;
    }

    private void refuse(UploadRequest request) {
        var largest = isManifest(request.mediaType())
                ? Manifests.LARGEST
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
        long most = most(caller, holdings);
        if (holdings.bytes() + request.size() > most) {
            throw new Refused(
                    ErrorCode.TOO_LARGE,
                    "Expected to keep at most %d bytes for '%s'%s, but it would be %d"
                            .formatted(
                                    most,
                                    caller.subject(),
                                    most < settings.quota().asLongValue()
                                            ? " until it has an allotment to this hub, as by 'perigee deposit'"
                                            : "",
                                    holdings.bytes() + request.size()));
        }
    }

    /** A wallet is made for nothing, and so would be any number of quotas. */
    private long most(Caller caller, ArtifactBook.Holdings holdings) {
        long quota = settings.quota().asLongValue();
        return caller instanceof Caller.Builder && !holdings.hasAllotment()
                ? Math.min(quota, settings.quotaWithoutAllotment().asLongValue())
                : quota;
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
