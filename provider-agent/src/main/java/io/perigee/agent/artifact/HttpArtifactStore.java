package io.perigee.agent.artifact;

import io.perigee.agent.gateway.GatewayUrl;
import io.perigee.agent.store.DiskReserve;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.rest.UploadView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The artifact endpoints of the hub's front door, with the token of the agent's login. */
public final class HttpArtifactStore implements ArtifactStore {
    private static final Duration CALL = Duration.ofSeconds(60);
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int BUFFER = 64 * 1024;
    private static final long LARGEST_ANSWER = 1L << 20;
    /** One PATCH; a broken connection costs at most this much again. */
    private static final long PART = 16L << 20;

    private final HttpClient http;
    private final GatewayUrl url;
    private final Supplier<Optional<String>> token;
    private final Runnable renewLogin;

    /**
     * @param token of the present login; calls wait while there is none
     * @param renewLogin called when the hub says the token is no longer good
     */
    public HttpArtifactStore(HttpClient http, GatewayUrl url, Supplier<Optional<String>> token, Runnable renewLogin) {
        this.http = http;
        this.url = url;
        this.token = token;
        this.renewLogin = renewLogin;
    }

    @Override
    public HubInfo hub(Duration patience, Cancellation cancellation) throws IOException, InterruptedException {
        return patiently(patience, cancellation, () -> {
            var response = answer(HttpRequest.newBuilder(url.api("/hub")));
            require(response.statusCode(), response.body(), "read what the hub offers");
            return Json.read(response.body(), HubInfo.class);
        });
    }

    @Override
    public long download(ContentId id, long offset, long most, OutputStream target, Cancellation cancellation)
            throws IOException, InterruptedException {
        var request = authorised("/artifacts/" + id).timeout(CALL).GET();
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        var response = http.send(request.build(), BodyHandlers.ofInputStream());
        try (var body = response.body()) {
            if (response.statusCode() != 200 && response.statusCode() != 206) {
                require(response.statusCode(), body.readNBytes(BUFFER), "download artifact '" + id + "'");
            }
            if (offset > 0 && response.statusCode() == 200) {
                body.skipNBytes(offset);
            }
            try (var guard = StallGuard.over(body, STALL)) {
                return copy(id, body, most, target, guard, cancellation);
            }
        }
    }

    private static long copy(
            ContentId id, InputStream body, long most, OutputStream target, StallGuard guard, Cancellation cancellation)
            throws IOException {
        var buffer = new byte[BUFFER];
        long copied = 0;
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            cancellation.check();
            guard.progress();
            copied += n;
            if (copied > most) {
                throw ArtifactException.tooLarge(
                        "Expected artifact '%s' to have at most %d bytes, but it has more".formatted(id, most));
            }
            target.write(buffer, 0, n);
        }
        return copied;
    }

    @Override
    public void upload(
            ContentId id, long size, String mediaType, Source source, Duration patience, Cancellation cancellation)
            throws IOException, InterruptedException {
        patiently(patience, cancellation, () -> {
            var view = open(id, size, mediaType);
            while (!view.complete()) {
                cancellation.check();
                view = sendPart(view, source);
            }
            return view;
        });
    }

    private UploadView open(ContentId id, long size, String mediaType) throws IOException, InterruptedException {
        var response = answer(authorised("/artifacts/uploads")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(new UploadRequest(id, size, mediaType)))));
        require(response.statusCode(), response.body(), "open an upload of '" + id + "'");
        return Json.read(response.body(), UploadView.class);
    }

    private UploadView sendPart(UploadView view, Source source) throws IOException, InterruptedException {
        long length = Math.min(PART, view.size() - view.offset());
        var body = BodyPublishers.ofInputStream(() -> {
            try {
                return new BoundedStream(source.openAt(view.offset()), length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        var response = answer(authorised("/artifacts/uploads/" + view.id())
                .header("Content-Type", "application/octet-stream")
                .header("Upload-Offset", Long.toString(view.offset()))
                .method("PATCH", length == 0 ? BodyPublishers.noBody() : BodyPublishers.fromPublisher(body, length)));
        require(response.statusCode(), response.body(), "upload a part of '" + view.sha256() + "'");
        return response.body().length > 0 ? Json.read(response.body(), UploadView.class) : state(view);
    }

    private UploadView state(UploadView view) throws IOException, InterruptedException {
        var response = answer(authorised("/artifacts/uploads/" + view.id()));
        require(response.statusCode(), response.body(), "read the state of upload '" + view.id() + "'");
        return Json.read(response.body(), UploadView.class);
    }

    /** A whole answer, bounded in bytes and in time; a request's own limit ends with the headers. */
    private HttpResponse<byte[]> answer(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = http.sendAsync(
                request.timeout(CALL).build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        try {
            return answer.get(CALL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("Expected an answer of the hub within %s, but none came".formatted(CALL));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest.Builder authorised(String path) throws ArtifactException {
        var bearer = token.get()
                .orElseThrow(() -> new ArtifactException(
                        "Expected to be logged in at the hub, but the connection is down", false));
        return HttpRequest.newBuilder(url.api(path)).header("Authorization", "Bearer " + bearer);
    }

    private void require(int status, byte[] body, String what) throws ArtifactException {
        if (status / 100 == 2) {
            return;
        }
        if (status == 401) {
            renewLogin.run();
        }
        // 404 and 403 pass: reading rights follow an assignment through the log, which takes a moment.
        boolean lasting = status == 400 || status == 413 || status == 415 || status == 422;
        throw new ArtifactException(
                "Expected to %s, but the hub answered %d%s".formatted(what, status, explanation(body)), lasting);
    }

    private static String explanation(byte[] body) {
        try {
            var problem = Json.read(body, Problem.class);
            return " " + problem.code() + ": " + problem.detail();
        } catch (InvalidValue e) {
            return "";
        }
    }

    /** One call that may throw. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Repeats a call with growing pauses until it works, patience ends, or trying again cannot help. */
    static <T> T patiently(Duration patience, Cancellation cancellation, Call<T> call)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        var pause = PAUSE;
        while (true) {
            cancellation.check();
            try {
                return call.run();
            } catch (Cancellation.Cancelled e) {
                throw e;
            } catch (IOException e) {
                if (isLasting(e) || System.nanoTime() + pause.toNanos() > deadline) {
                    throw e;
                }
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private static boolean isLasting(IOException e) {
        return e instanceof DiskReserve.NoRoom || e instanceof ArtifactException artifact && artifact.lasting();
    }
}
