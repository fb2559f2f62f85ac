package io.perigee.client;

import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.FileHasher;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.rest.UploadView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Content by its hash: uploads that continue where they broke off and skip what is there, downloads that are checked. */
public final class Artifacts {
    /** With the pauses between them, about five minutes. */
    private static final int BUSY_ATTEMPTS = 40;

    private static final int PARTIAL = 206;
    /** Of a range: the artifact ends where the file here does, or before. */
    private static final int NOTHING_THERE = 416;

    private static final int BUFFER = 1 << 16;
    private static final String FILE = "application/octet-stream";

    private final Transport transport;
    private final FileHasher hasher;

    Artifacts(Transport transport, FileHasher hasher) {
        this.transport = transport;
        this.hasher = hasher;
    }

    /**
     * Uploads a file or directory as a directory: its files, then the manifest that names them.
     *
     * @return the manifest's digest, which is what a spec's base and dataset name
     */
    public ContentId uploadDirectory(Path source, TransferListener listener) {
        try {
            var single = Files.isRegularFile(source);
            var manifest = single ? Manifest.ofFile(source, hasher) : Manifest.ofDirectory(source, hasher);
            long done = 0;
            for (var entry : manifest.files()) {
                var file = single ? source : source.resolve(entry.path());
                upload(file, entry, done, manifest.totalSize(), listener);
                done += entry.size();
            }
            uploadBytes(manifest.bytes(), Manifest.MEDIA_TYPE);
            return manifest.digest();
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    /** Uploads one file as it is, such as an image's archive. */
    public ContentId uploadFile(Path source, TransferListener listener) {
        try {
            var entry = new FileEntry(source.getFileName().toString(), Files.size(source), hasher.of(source));
            upload(source, entry, 0, entry.size(), listener);
            return entry.sha256();
        } catch (IOException e) {
            throw unreadable(source, e);
        }
    }

    public ContentId uploadBytes(byte[] bytes, String mediaType) {
        var id = Sha256.of(bytes);
        try (var channel = new BytesChannel(bytes)) {
            send(new UploadRequest(id, bytes.length, mediaType), channel, _ -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return id;
    }

    /** Downloads one artifact to a file, continuing a partial one, and checks its hash before the file appears. */
    public void downloadFile(ContentId id, Path target) {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            var partial = target.resolveSibling("." + target.getFileName() + ".part");
            fetch(id, partial);
            if (!Sha256.of(partial).equals(id)) {
                Files.delete(partial);
                throw ApiException.of(
                        ErrorCode.DIGEST_MISMATCH, "Expected to download '%s', but other bytes came".formatted(id));
            }
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unreadable(target, e);
        }
    }

    /** Downloads a directory by its manifest's digest. Files that are there and right are kept. */
    public Manifest downloadDirectory(ContentId manifestId, Path target, TransferListener listener) {
        var manifest = manifest(manifestId);
        long done = 0;
        try {
            for (var entry : manifest.files()) {
                var file = target.resolve(entry.path());
                boolean there = Files.isRegularFile(file) && Sha256.of(file).equals(entry.sha256());
                if (!there) {
                    downloadFile(entry.sha256(), file);
                }
                done += entry.size();
                listener.moved(entry.path(), done, manifest.totalSize(), there);
            }
        } catch (IOException e) {
            throw unreadable(target, e);
        }
        return manifest;
    }

    public Manifest manifest(ContentId id) {
        var response = transport.send(transport.request("/artifacts/" + id, Map.of("Accept", FILE), "GET", null), true);
        try (var body = new IdleLimit(response.body(), transport.settings().idleTimeout())) {
            var bytes = body.readNBytes(Json.MAX_DOCUMENT_BYTES + 1);
            if (!Sha256.of(bytes).equals(id)) {
                throw ApiException.of(
                        ErrorCode.DIGEST_MISMATCH,
                        "Expected to download manifest '%s', but other bytes came".formatted(id));
            }
            return Manifest.ofBytes(bytes);
        } catch (IOException e) {
            throw ApiException.unreachable(transport.hub(), e);
        }
    }

    /** Whether the hub lets the caller read this content. */
    public boolean has(ContentId id) {
        try (var _ = transport
                .send(transport.request("/artifacts/" + id, Map.of("Accept", FILE), "HEAD", null), true)
                .body()) {
            return true;
        } catch (ApiException e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        } catch (IOException e) {
            throw ApiException.unreachable(transport.hub(), e);
        }
    }

    private void upload(Path file, FileEntry entry, long before, long total, TransferListener listener)
            throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            boolean sent = send(
                    new UploadRequest(entry.sha256(), entry.size(), FILE),
                    channel,
                    offset -> listener.moved(entry.path(), before + offset, total, false));
            listener.moved(entry.path(), before + entry.size(), total, !sent);
        }
    }

    private interface Sent {
        void upTo(long offset);
    }

    /** Returns whether anything had to be sent. */
    private boolean send(UploadRequest request, SeekableByteChannel content, Sent sent) throws IOException {
        var upload = transport.post("/artifacts/uploads", request, UploadView.class, Map.of(), true);
        if (upload.complete()) {
            return false;
        }
        int failures = 0;
        int busy = 0;
        while (!upload.complete()) {
            try {
                upload = append(upload, chunk(content, upload.offset(), request.size()));
                failures = 0;
                busy = 0;
                sent.upTo(upload.offset());
            } catch (ApiException e) {
                if (e.is(ErrorCode.CONFLICT)) {
                    // a request of ours whose answer never came is still at work: the hub checks the hash of a large
                    // file
                    if (++busy >= BUSY_ATTEMPTS) {
                        throw e;
                    }
                    transport.rest(busy);
                } else {
                    boolean moved =
                            e.is(ErrorCode.OFFSET_MISMATCH) || e.problem().retryable();
                    if (!moved || ++failures >= transport.settings().attempts()) {
                        throw e;
                    }
                    transport.rest(failures);
                }
                upload = transport.get("/artifacts/uploads/" + upload.id(), UploadView.class);
            }
        }
        return true;
    }

    /** One chunk; never repeated blindly, since the hub may have kept a part of it. */
    private UploadView append(UploadView upload, byte[] bytes) throws IOException {
        var headers = Map.of("Content-Type", FILE, "Upload-Offset", Long.toString(upload.offset()));
        var request = transport.request("/artifacts/uploads/" + upload.id(), headers, "PATCH", bytes);
        try (var body = new IdleLimit(
                transport.send(request, false).body(), transport.settings().requestTimeout())) {
            return Json.read(body.readNBytes(1 << 16), UploadView.class);
        } catch (IOException e) {
            throw ApiException.unreachable(transport.hub(), e);
        }
    }

    private byte[] chunk(SeekableByteChannel content, long offset, long size) throws IOException {
        var buffer = ByteBuffer.allocate((int) Math.min(transport.settings().chunk(), size - offset));
        content.position(offset);
        while (buffer.hasRemaining()) {
            if (content.read(buffer) < 0) {
                throw new IOException("the file became shorter while it was uploaded");
            }
        }
        return buffer.array();
    }

    /** Goes on where the connection breaks, unless it breaks again and again without anything new. */
    private void fetch(ContentId id, Path partial) throws IOException {
        int failures = 0;
        while (true) {
            long before = size(partial);
            var broken = fetchMore(id, partial, before);
            if (broken.isEmpty()) {
                return;
            }
            failures = size(partial) > before ? 1 : failures + 1;
            if (failures >= transport.settings().attempts()) {
                throw ApiException.unreachable(transport.hub(), broken.get());
            }
            transport.rest(failures);
        }
    }

    private static long size(Path partial) throws IOException {
        return Files.exists(partial) ? Files.size(partial) : 0;
    }

    /** Why the body broke off, if it did. What fails here is this machine's file. */
    private Optional<IOException> fetchMore(ContentId id, Path partial, long have) throws IOException {
        var headers = new HashMap<String, String>();
        headers.put("Accept", FILE);
        if (have > 0) {
            headers.put("Range", "bytes=%d-".formatted(have));
        }
        HttpResponse<InputStream> response;
        try {
            response = transport.send(transport.request("/artifacts/" + id, headers, "GET", null), true);
        } catch (ApiException e) {
            if (have == 0 || e.status() != NOTHING_THERE) {
                throw e;
            }
            if (Sha256.of(partial).equals(id)) {
                return Optional.empty();
            }
            Files.delete(partial);
            return fetchMore(id, partial, 0);
        }
        boolean goesOn = have > 0 && response.statusCode() == PARTIAL;
        try (var in = new IdleLimit(response.body(), transport.settings().idleTimeout());
                var out = Files.newOutputStream(partial, options(goesOn))) {
            return copy(in, out);
        }
    }

    private static Optional<IOException> copy(InputStream in, OutputStream out) throws IOException {
        var buffer = new byte[BUFFER];
        while (true) {
            int count;
            try {
                count = in.read(buffer);
            } catch (IOException broken) {
                return Optional.of(broken);
            }
            if (count < 0) {
                return Optional.empty();
            }
            out.write(buffer, 0, count);
        }
    }

    private static StandardOpenOption[] options(boolean goesOn) {
        return new StandardOpenOption[] {
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING
        };
    }

    private static ApiException unreadable(Path path, IOException cause) {
        var reason = cause instanceof NoSuchFileException ? "it does not exist" : String.valueOf(cause.getMessage());
        return ApiException.of(
                ErrorCode.MALFORMED,
                "Expected to read or write '%s', but %s".formatted(path, reason),
                "Check the path and its permissions");
    }
}
