package io.perigee.api;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.FileEntry;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.codec.Manifest;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Sha256;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Origin;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.ChallengeRequest;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.SessionRequest;
import io.perigee.protocol.rest.SessionView;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.rest.UploadView;
import io.perigee.protocol.rest.WalletLogin;
import io.perigee.testkit.process.Await;
import io.perigee.testkit.sample.Parties;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A builder at the front door. */
record Door(KeyPair wallet, String token) {
    static final String PRICE = "2.50";

    /** Signs a new wallet in. */
    static Door open() {
        return open(KeyPair.create(new SecureRandom()));
    }

    static Door open(KeyPair wallet) {
        var challenge = read(
                post(given(), "/api/v1/sessions/challenges", new ChallengeRequest(wallet.address(), origin())),
                Challenge.class);
        var signature = wallet.signMessage(
                WalletLogin.message(origin(), Parties.HUB.address(), wallet.address(), challenge.nonce()));
        var request = new SessionRequest(wallet.address(), origin(), challenge.nonce(), signature);
        return new Door(
                wallet,
                read(post(given(), "/api/v1/sessions", request), SessionView.class)
                        .token());
    }

    /** Where tests reach the hub. */
    static Origin origin() {
        return Origin.parse("http://localhost:" + RestAssured.port);
    }

    RequestSpecification asking() {
        return asking(token);
    }

    static RequestSpecification asking(String token) {
        return given().header("Authorization", "Bearer " + token);
    }

    /** How many requests for jobs are inside and have no answer yet. */
    static long inside() {
        return Operations.metrics()
                .lines()
                .filter(line -> line.startsWith("perigee_intake_requests"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    Response get(String path, Object... parameters) {
        return asking().get(
                        "/api/v1" + path,
                        Arrays.stream(parameters).map(Object::toString).toArray());
    }

    Response post(String path, Object body) {
        return post(asking(), "/api/v1" + path, body);
    }

    static Response post(RequestSpecification request, String path, Object body) {
        return request.contentType("application/json").body(Json.bytes(body)).post(path);
    }

    static <T> T read(Response response, Class<T> type) {
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError(response.statusCode() + " " + response.asString());
        }
        return Json.read(response.asByteArray(), type);
    }

    UploadView announce(byte[] bytes, String mediaType) {
        return announce(token, Sha256.of(bytes), bytes.length, mediaType);
    }

    static UploadView announce(String token, ContentId id, long size, String mediaType) {
        return read(
                post(asking(token), "/api/v1/artifacts/uploads", new UploadRequest(id, size, mediaType)),
                UploadView.class);
    }

    Response append(UploadView upload, long offset, byte[] bytes) {
        return append(token, upload, offset, bytes);
    }

    static Response append(String token, UploadView upload, long offset, byte[] bytes) {
        return asking(token)
                .contentType("application/octet-stream")
                .header("Upload-Offset", offset)
                .body(bytes)
                .patch("/api/v1/artifacts/uploads/" + upload.id());
    }

    static ContentId upload(String token, byte[] bytes, String mediaType) {
        var upload = announce(token, Sha256.of(bytes), bytes.length, mediaType);
        if (!upload.complete()) {
            read(append(token, upload, upload.offset(), bytes), UploadView.class);
        }
        return upload.sha256();
    }

    /** Uploads files and their manifest. */
    static ContentId directory(String token, Map<String, String> files) {
        var entries = new ArrayList<FileEntry>();
        new TreeMap<>(files).forEach((path, text) -> {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            entries.add(new FileEntry(path, bytes.length, upload(token, bytes, "application/octet-stream")));
        });
        return upload(token, new Manifest(List.copyOf(entries)).bytes(), Manifest.MEDIA_TYPE);
    }

    ContentId directory(String name) {
        return directory(token, Map.of("file.txt", "content of " + name + " of " + wallet.address()));
    }

    /** A valid human spec with inputs that are uploaded. */
    ObjectNode spec() {
        return spec(directory("base"), directory("dataset"));
    }

    static ObjectNode spec(ContentId base, ContentId dataset) {
        var json = """
        {"name": "a-job", "trainer": "strict", "base": "%s", "dataset": "%s",
         "method": {"kind": "lora", "r": 8, "alpha": 16, "dropout": "0.0", "targets": ["q_proj", "v_proj"]},
         "train": {"steps": 8, "microBatch": 4, "gradAccum": 1, "seqLen": 64, "lr": "2e-4", "scheduler": "cosine",
                   "warmupSteps": 2, "seed": 7, "dtype": "float32"},
         "segments": {"stepsPerSegment": 2},
         "resources": {"cpu": 1, "memory": "1GB", "disk": "1GB"},
         "price": {"max": "%s"},
         "deadlines": {"queue": "10m", "run": "20m", "upload": "5m"},
         "verification": {"policy": "replicate", "replicas": 2}}
        """.formatted(base, dataset, PRICE);
        return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    Quote quote(ObjectNode spec) {
        return read(post("/quotes", Map.of("spec", spec)), Quote.class);
    }

    SubmitRequest signed(Quote quote) {
        return new SubmitRequest(
                quote.spec(), quote.order(), wallet.sign(quote.order().digest(Parties.DOMAIN)));
    }

    Response submit(String key, SubmitRequest request) {
        return post(asking().header("Idempotency-Key", key), "/api/v1/jobs", request);
    }

    Response submit(SubmitRequest request) {
        return submit(UUID.randomUUID().toString(), request);
    }

    /** Quotes, signs and submits, and waits until the log knows. */
    JobView job() {
        return job(spec());
    }

    JobView job(ObjectNode spec) {
        Log.allot(wallet.address(), 1_000_000_000L);
        var job = read(submit(signed(quote(spec))), JobView.class);
        // facts about it follow its submission, here as in the market
        Await.until(
                Log.SOON,
                () -> Log.count(
                                "select count(*) from api.event where job = ?",
                                job.id().value())
                        == 1,
                () -> "the submission did not come back from the log");
        return job;
    }

    JobView job(JobId id) {
        return read(get("/jobs/{id}", id), JobView.class);
    }
}
