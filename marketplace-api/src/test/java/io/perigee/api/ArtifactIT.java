package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.UploadRequest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Servers.class)
final class ArtifactIT {
    private static final String FILE = "application/octet-stream";
    private Door door;

    @BeforeEach
    void signIn() {
        door = Door.open();
    }

    @Test
    void shouldGiveBackWhatWasSent() {
        // given
        var bytes = random(3_000_000);

        // when
        var id = Door.upload(door.token(), bytes, FILE);

        // then
        var answer = door.get("/artifacts/{id}", id);
        answer.then().statusCode(200).header("Content-Length", "3000000").header("Accept-Ranges", "bytes");
        assertThat(answer.asByteArray()).isEqualTo(bytes);
    }

    @Test
    void shouldResumeWhereAnUploadEnded() {
        // given
        var bytes = random(200_000);
        var upload = door.announce(bytes, FILE);
        door.append(upload, 0, Arrays.copyOf(bytes, 70_000))
                .then()
                .statusCode(200)
                .header("Upload-Offset", "70000");
        door.asking()
                .head("/api/v1/artifacts/uploads/" + upload.id())
                .then()
                .statusCode(200)
                .header("Upload-Offset", "70000");

        // when
        var rest = door.append(upload, 70_000, Arrays.copyOfRange(bytes, 70_000, 200_000));

        // then
        rest.then().statusCode(200).body("complete", equalTo(true));
        assertThat(door.get("/artifacts/{id}", upload.sha256()).asByteArray()).isEqualTo(bytes);
    }

    /** The framework's own stream lost a piece of some ten thousand, and the upload then stood still. */
    @Test
    void shouldTakeManyLargeChunksWithoutStandingStill()
            throws IOException, InterruptedException, NoSuchAlgorithmException {
        // given
        var chunk = random(8 << 20);
        int chunks = 64;
        var whole = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < chunks; i++) {
            whole.update(chunk);
        }
        long size = (long) chunk.length * chunks;
        var upload = Door.announce(door.token(), ContentId.of(whole.digest()), size, FILE);

        // when
        String last = "";
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < chunks; i++) {
                var request = HttpRequest.newBuilder(URI.create(RestAssured.baseURI + ":" + RestAssured.port
                                + "/api/v1/artifacts/uploads/" + upload.id()))
                        .header("Authorization", "Bearer " + door.token())
                        .header("Content-Type", FILE)
                        .header("Upload-Offset", Long.toString((long) i * chunk.length))
                        .timeout(Duration.ofSeconds(20))
                        .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(chunk))
                        .build();
                last = client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
            }
        }

        // then
        assertThat(last).contains("\"complete\":true");
        door.asking()
                .head("/api/v1/artifacts/" + upload.sha256())
                .then()
                .statusCode(200)
                .header("Content-Length", Long.toString(size));
    }

    @Test
    void shouldResumeAnAnnouncementMadeAgain() {
        // given
        var bytes = random(1_000);
        door.append(door.announce(bytes, FILE), 0, Arrays.copyOf(bytes, 400));

        // when
        var again = door.announce(bytes, FILE);

        // then
        assertThat(again.offset()).isEqualTo(400);
    }

    @Test
    void shouldRefuseBytesForAnotherOffset() {
        // given
        var bytes = random(1_000);
        var upload = door.announce(bytes, FILE);

        // when
        var answer = door.append(upload, 10, bytes);

        // then
        answer.then().statusCode(409).body("code", equalTo("OFFSET_MISMATCH")).body("retryable", equalTo(true));
    }

    @Test
    void shouldKeepNothingThatHashesToSomethingElse() {
        // given
        var bytes = random(1_000);
        var upload = door.announce(bytes, FILE);
        var other = random(1_000);

        // when
        var answer = door.append(upload, 0, other);

        // then
        answer.then().statusCode(422).body("code", equalTo("DIGEST_MISMATCH"));
        door.get("/artifacts/uploads/{id}", upload.id()).then().statusCode(404);
        door.get("/artifacts/{id}", upload.sha256()).then().statusCode(404);
        door.get("/artifacts/{id}", Sha256.of(other)).then().statusCode(404);
    }

    @Test
    void shouldRefuseMoreThanWasAnnounced() {
        // given
        var bytes = random(1_000);
        var upload = door.announce(Arrays.copyOf(bytes, 999), FILE);

        // when
        var answer = door.append(upload, 0, bytes);

        // then
        answer.then().statusCode(422).body("code", equalTo("DIGEST_MISMATCH"));
    }

    @Test
    void shouldStoreTheEmptyFile() {
        // when
        var upload = door.announce(new byte[0], FILE);

        // then
        assertThat(upload.complete()).isTrue();
        door.get("/artifacts/{id}", upload.sha256()).then().statusCode(200).header("Content-Length", "0");
    }

    @Test
    void shouldAnswerRanges() {
        // given
        var bytes = random(1_000);
        var id = Door.upload(door.token(), bytes, FILE);

        // when
        var middle = door.asking().header("Range", "bytes=100-199").get("/api/v1/artifacts/" + id);

        // then
        middle.then().statusCode(206).header("Content-Range", "bytes 100-199/1000");
        assertThat(middle.asByteArray()).isEqualTo(Arrays.copyOfRange(bytes, 100, 200));
        var rest = door.asking().header("Range", "bytes=990-").get("/api/v1/artifacts/" + id);
        assertThat(rest.asByteArray()).isEqualTo(Arrays.copyOfRange(bytes, 990, 1_000));
        door.asking()
                .header("Range", "bytes=1000-")
                .get("/api/v1/artifacts/" + id)
                .then()
                .statusCode(416);
        door.asking().head("/api/v1/artifacts/" + id).then().statusCode(200).header("Content-Length", "1000");
        door.asking()
                .header("If-None-Match", "\"" + id + "\"")
                .get("/api/v1/artifacts/" + id)
                .then()
                .statusCode(304);
    }

    @Test
    void shouldHideArtifactsFromStrangers() {
        // given
        var id = Door.upload(door.token(), random(100), FILE);

        // when
        var answer = Door.open().get("/artifacts/{id}", id);

        // then
        answer.then().statusCode(404).body("code", equalTo("NOT_FOUND"));
    }

    @Test
    void shouldMakeAStrangerProveThatItHasTheBytes() {
        // given
        var bytes = random(100);
        Door.upload(door.token(), bytes, FILE);
        var stranger = Door.open();

        // when
        var announced = stranger.announce(bytes, FILE);

        // then
        assertThat(announced.complete()).isFalse();
        stranger.append(announced, 0, bytes).then().statusCode(200);
        stranger.get("/artifacts/{id}", announced.sha256()).then().statusCode(200);
    }

    @Test
    void shouldRefuseAManifestThatNamesFilesOfOthers() {
        // given
        var secret = random(100);
        var id = Door.upload(door.token(), secret, FILE);
        var manifest = new Manifest(List.of(new FileEntry("stolen", 100, id))).bytes();
        var stranger = Door.open();

        // when
        var answer = stranger.append(stranger.announce(manifest, Manifest.MEDIA_TYPE), 0, manifest);

        // then
        answer.then()
                .statusCode(422)
                .body("code", equalTo("ARTIFACT_MISSING"))
                .body("violations[0].path", equalTo("stolen"));
        stranger.get("/artifacts/{id}", id).then().statusCode(404);
    }

    @Test
    void shouldNotOpenFilesToWhoSentTheirManifestAsAPlainFile() {
        // given
        var secret = random(100);
        var manifest = new Manifest(List.of(new FileEntry("file", 100, Sha256.of(secret)))).bytes();
        var stranger = Door.open();
        Door.upload(stranger.token(), manifest, FILE);

        // when
        Door.upload(door.token(), secret, FILE);
        Door.upload(door.token(), manifest, Manifest.MEDIA_TYPE);

        // then
        stranger.get("/artifacts/{id}", Sha256.of(secret)).then().statusCode(404);
    }

    @Test
    void shouldAcceptAManifestOnceItsFilesAreHere() {
        // given
        var file = random(100);
        var manifest = new Manifest(List.of(new FileEntry("file", 100, Sha256.of(file)))).bytes();
        var upload = door.announce(manifest, Manifest.MEDIA_TYPE);
        door.append(upload, 0, manifest).then().statusCode(422);
        Door.upload(door.token(), file, FILE);

        // when
        var again = door.append(upload, manifest.length, new byte[0]);

        // then
        again.then().statusCode(200).body("complete", equalTo(true));
    }

    @Test
    void shouldRefuseAManifestThatIsNone() {
        // given
        var bytes = "[ {\"path\":\"../x\",\"size\":1,\"sha256\":\"x\"} ]".getBytes(StandardCharsets.UTF_8);

        // when
        var answer = door.append(door.announce(bytes, Manifest.MEDIA_TYPE), 0, bytes);

        // then
        answer.then().statusCode(400).body("code", equalTo("MALFORMED"));
    }

    @Test
    void shouldRefuseUploadsAboveTheLimit() {
        // given
        var request = new UploadRequest(new ContentId("sha256:" + "1".repeat(64)), Long.MAX_VALUE, FILE);

        // when
        var answer = door.post("/artifacts/uploads", request);

        // then
        answer.then().statusCode(413).body("code", equalTo("TOO_LARGE"));
    }

    @Test
    void shouldKeepUploadsApart() {
        // given
        var upload = door.announce(random(100), FILE);

        // when
        var stranger = Door.open();

        // then
        stranger.append(upload, 0, random(100)).then().statusCode(404);
        stranger.get("/artifacts/uploads/{id}", UUID.randomUUID()).then().statusCode(404);
        stranger.get("/artifacts/uploads/{id}", "x").then().statusCode(404);
    }

    @Test
    void shouldOfferTheTrainersArchiveToEverybody() {
        // given
        var hub = Door.read(RestAssured.get("/api/v1/hub"), HubInfo.class);

        // when
        var answer = door.get("/artifacts/{id}", hub.trainers().getFirst().archive());

        // then
        answer.then().statusCode(200);
        assertThat(Sha256.of(answer.asByteArray()))
                .isEqualTo(hub.trainers().getFirst().archive());
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random().nextBytes(bytes);
        return bytes;
    }
}
