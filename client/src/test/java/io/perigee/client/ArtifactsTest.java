package io.perigee.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.rest.UploadView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsTest {
    @TempDir
    Path directory;

    private final FakeHub hub = new FakeHub();
    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
    private final Map<String, ByteArrayOutputStream> open = new ConcurrentHashMap<>();
    private final Map<String, UploadRequest> announced = new ConcurrentHashMap<>();
    private int breakEvery = Integer.MAX_VALUE;
    private int requests;
    private int busyFor;
    private String refusal = "";
    private int stopsAfter = 1 << 20;
    private final CountDownLatch released = new CountDownLatch(1);

    @BeforeEach
    void serve() {
        hub.on("/artifacts/uploads", this::uploads);
        hub.on("/artifacts/", this::read);
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void shouldUploadADirectoryFileByFileAndThenItsManifest() throws IOException {
        // given
        Files.createDirectories(directory.resolve("sub"));
        Files.write(directory.resolve("a.bin"), bytes(1, 3500));
        Files.writeString(directory.resolve("sub/empty"), "");
        var told = new ArrayList<String>();

        // when
        ContentId id;
        try (var client = hub.client()) {
            id = client.artifacts()
                    .uploadDirectory(
                            directory,
                            (path, done, total, skipped) ->
                                    told.add(path + " " + done + "/" + total + (skipped ? " skipped" : "")));
        }

        // then
        var manifest = Manifest.ofDirectory(directory);
        assertThat(id).isEqualTo(manifest.digest());
        assertThat(stored.get(id.value())).isEqualTo(manifest.bytes());
        assertThat(stored.get(manifest.files().getFirst().sha256().value())).isEqualTo(bytes(1, 3500));
        assertThat(told).contains("a.bin 1000/3500", "a.bin 3500/3500");
    }

    @Test
    void shouldSkipWhatIsThere() throws IOException {
        // given
        var file = Files.write(directory.resolve("a.bin"), bytes(1, 2500));
        try (var client = hub.client()) {
            client.artifacts().uploadFile(file, TransferListener.SILENT);
            int before = hub.asked().size();
            var skips = new ArrayList<Boolean>();

            // when
            client.artifacts().uploadFile(file, (_, _, _, skipped) -> skips.add(skipped));

            // then
            assertThat(skips).containsExactly(true);
            assertThat(hub.asked().size() - before).isEqualTo(1);
        }
    }

    @Test
    void shouldContinueWhereABrokenUploadEnded() throws IOException {
        // given
        breakEvery = 3;
        var file = Files.write(directory.resolve("a.bin"), bytes(1, 9_500));

        // when
        ContentId id;
        try (var client = hub.client()) {
            id = client.artifacts().uploadFile(file, TransferListener.SILENT);
        }

        // then
        assertThat(stored.get(id.value())).isEqualTo(bytes(1, 9_500));
        assertThat(hub.asked()).anyMatch(line -> line.startsWith("GET /artifacts/uploads/"));
    }

    @Test
    void shouldWaitWhileTheHubIsStillAtARequestWhoseAnswerWasLost() throws IOException {
        // given
        busyFor = 10;
        var file = Files.write(directory.resolve("a.bin"), bytes(1, 2_500));

        // when
        ContentId id;
        try (var client = hub.client()) {
            id = client.artifacts().uploadFile(file, TransferListener.SILENT);
        }

        // then
        assertThat(stored.get(id.value())).isEqualTo(bytes(1, 2_500));
        assertThat(busyFor).isZero();
    }

    @Test
    void shouldGiveUpOnAHubThatStaysBusy() throws IOException {
        // given
        busyFor = Integer.MAX_VALUE;
        var file = Files.write(directory.resolve("a.bin"), bytes(1, 2_500));

        // when / then
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.artifacts().uploadFile(file, TransferListener.SILENT))
                    .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.is(ErrorCode.CONFLICT))
                            .isTrue());
        }
    }

    @Test
    void shouldContinueAPartialDownload() throws IOException {
        // given
        var content = bytes(2, 5000);
        var id = Sha256.of(content);
        stored.put(id.value(), content);
        Files.write(directory.resolve(".a.bin.part"), java.util.Arrays.copyOf(content, 1234));

        // when
        try (var client = hub.client()) {
            client.artifacts().downloadFile(id, directory.resolve("a.bin"));
        }

        // then
        assertThat(directory.resolve("a.bin")).hasBinaryContent(content);
        assertThat(directory.resolve(".a.bin.part")).doesNotExist();
    }

    @Test
    void shouldKeepAPartialDownloadThroughRefusalsThatSayNothingOfIt() throws IOException {
        // given
        var content = bytes(2, 5000);
        var id = Sha256.of(content);
        stored.put(id.value(), content);
        var partial = Files.write(directory.resolve(".a.bin.part"), java.util.Arrays.copyOf(content, 1234));
        refusal = "RATE_LIMITED";

        // when
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.artifacts().downloadFile(id, directory.resolve("a.bin")))
                    .isInstanceOf(ApiException.class);
        }

        // then
        assertThat(partial).hasSize(1234);
    }

    @Test
    void shouldTakeACompletePartialDownloadAsItIs() throws IOException {
        // given
        var content = bytes(2, 5000);
        var id = Sha256.of(content);
        stored.put(id.value(), content);
        Files.write(directory.resolve(".a.bin.part"), content);

        // when
        try (var client = hub.client()) {
            client.artifacts().downloadFile(id, directory.resolve("a.bin"));
        }

        // then
        assertThat(directory.resolve("a.bin")).hasBinaryContent(content);
        assertThat(hub.asked()).hasSize(1);
    }

    @Test
    void shouldBeginAgainWhereThePartialDownloadIsOfSomethingElse() throws IOException {
        // given
        var content = bytes(2, 5000);
        var id = Sha256.of(content);
        stored.put(id.value(), content);
        Files.write(directory.resolve(".a.bin.part"), bytes(3, 6000));

        // when
        try (var client = hub.client()) {
            client.artifacts().downloadFile(id, directory.resolve("a.bin"));
        }

        // then
        assertThat(directory.resolve("a.bin")).hasBinaryContent(content);
    }

    @Test
    @Timeout(20)
    void shouldGoOnWhereABodyStandsStill() throws IOException {
        // given: each answer stops after a thousand bytes, and the connection stays
        var content = bytes(2, 2_500);
        var id = Sha256.of(content);
        stored.put(id.value(), content);
        stopsAfter = 1_000;

        // when
        try (var client = hub.client()) {
            client.artifacts().downloadFile(id, directory.resolve("a.bin"));
        } finally {
            released.countDown();
        }

        // then
        assertThat(directory.resolve("a.bin")).hasBinaryContent(content);
    }

    @Test
    @Timeout(30)
    void shouldSayThatTheHubIsNotReachedWhenBodiesStandStill() throws IOException {
        // given
        var content = bytes(2, 2_500);
        var id = Sha256.of(content);
        stored.put(id.value(), content);
        stopsAfter = 0;

        // when / then
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.artifacts().downloadFile(id, directory.resolve("a.bin")))
                    .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.is(ErrorCode.UNAVAILABLE))
                            .isTrue());
        } finally {
            released.countDown();
        }
    }

    @Test
    void shouldRefuseOtherBytesThanItAskedFor() {
        // given
        var id = Sha256.of(bytes(3, 100));
        stored.put(id.value(), bytes(4, 100));

        // when / then
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.artifacts().downloadFile(id, directory.resolve("a.bin")))
                    .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.is(ErrorCode.DIGEST_MISMATCH))
                            .isTrue());
            assertThatThrownBy(() -> client.artifacts().manifest(id)).isInstanceOf(ApiException.class);
        }
        assertThat(directory.resolve("a.bin")).doesNotExist();
    }

    @Test
    void shouldDownloadADirectoryAndKeepWhatIsRight() throws IOException {
        // given
        var source = Files.createDirectories(directory.resolve("source/sub"));
        Files.writeString(source.resolve("a"), "one");
        Files.writeString(source.resolve("b"), "two");
        var target = directory.resolve("target");
        try (var client = hub.client()) {
            var id = client.artifacts().uploadDirectory(directory.resolve("source"), TransferListener.SILENT);
            Files.createDirectories(target.resolve("sub"));
            Files.writeString(target.resolve("sub/a"), "one");
            Files.writeString(target.resolve("sub/b"), "wrong");
            var kept = new ArrayList<String>();

            // when
            client.artifacts().downloadDirectory(id, target, (path, _, _, skipped) -> kept.add(path + " " + skipped));

            // then
            assertThat(kept).containsExactly("sub/a true", "sub/b false");
            assertThat(target.resolve("sub/b")).hasContent("two");
        }
    }

    @Test
    void shouldSayWhetherContentIsThere() {
        var content = bytes(5, 10);
        stored.put(Sha256.of(content).value(), content);
        try (var client = hub.client()) {
            assertThat(client.artifacts().has(Sha256.of(content))).isTrue();
            assertThat(client.artifacts().has(Sha256.of(bytes(6, 10)))).isFalse();
        }
    }

    @Test
    void shouldExplainAPathThatIsNotThere() {
        try (var client = hub.client()) {
            assertThatThrownBy(() ->
                            client.artifacts().uploadDirectory(directory.resolve("nothing"), TransferListener.SILENT))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("does not exist");
        }
    }

    private void uploads(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        if (exchange.getRequestMethod().equals("POST")) {
            var request = Json.read(exchange.getRequestBody().readAllBytes(), UploadRequest.class);
            var id = "u" + request.sha256().hex().substring(0, 8);
            announced.put(id, request);
            open.computeIfAbsent(id, _ -> new ByteArrayOutputStream());
            FakeHub.json(exchange, 201, view(id));
            return;
        }
        var id = path.substring(path.lastIndexOf('/') + 1);
        if (exchange.getRequestMethod().equals("PATCH")) {
            if (busyFor > 0) {
                busyFor--;
                FakeHub.problem(exchange, 409, "CONFLICT", false);
                return;
            }
            if (Long.parseLong(exchange.getRequestHeaders().getFirst("Upload-Offset"))
                    != open.get(id).size()) {
                FakeHub.problem(exchange, 409, "OFFSET_MISMATCH", true);
                return;
            }
            var body = exchange.getRequestBody().readAllBytes();
            if (++requests % breakEvery == 0) {
                // half arrives, then the connection is gone
                open.get(id).write(body, 0, body.length / 2);
                exchange.close();
                return;
            }
            open.get(id).writeBytes(body);
        }
        FakeHub.json(exchange, 200, view(id));
    }

    private UploadView view(String id) {
        var request = announced.get(id);
        var bytes = open.get(id).toByteArray();
        boolean complete = stored.containsKey(request.sha256().value());
        if (!complete && bytes.length == request.size()) {
            assertThat(Sha256.of(bytes)).isEqualTo(request.sha256());
            stored.put(request.sha256().value(), bytes);
            complete = true;
        }
        return new UploadView(id, request.sha256(), request.size(), bytes.length, complete);
    }

    private void read(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var content = stored.get(path.substring(path.lastIndexOf('/') + 1));
        if (content == null) {
            FakeHub.problem(exchange, 404, "NOT_FOUND", false);
            return;
        }
        if (!refusal.isEmpty()) {
            FakeHub.problem(exchange, 429, refusal, true);
            return;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        var range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        if (from >= content.length && range != null) {
            FakeHub.problem(exchange, 416, "MALFORMED", false);
            return;
        }
        if (from + stopsAfter < content.length) {
            exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
            exchange.getResponseBody().write(content, from, stopsAfter);
            exchange.getResponseBody().flush();
            waitUntilReleased();
            return;
        }
        FakeHub.bytes(
                exchange,
                range == null ? 200 : 206,
                "application/octet-stream",
                java.util.Arrays.copyOfRange(content, from, content.length));
    }

    private void waitUntilReleased() {
        try {
            released.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] bytes(int seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
