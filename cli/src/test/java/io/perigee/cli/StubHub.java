package io.perigee.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.Domain;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.BatchAnswer;
import io.perigee.protocol.rest.BatchSubmission;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.SessionView;
import io.perigee.protocol.rest.SubmissionAnswer;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.rest.UploadRequest;
import io.perigee.protocol.rest.UploadView;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.SpecParser;
import io.perigee.protocol.spec.SpecResolver;
import io.perigee.testkit.Ids;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Something that answers as a hub does, and remembers what it was sent. Jobs named "bad" and "dear" are refused, one named "busy" at first. */
final class StubHub implements AutoCloseable {
    static final KeyPair WALLET = DevMarket.key("batch");
    static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
    static final int RETRY_AFTER = 37;

    private static final Address HUB = Address.parse("0x" + "ab".repeat(20));
    private static final Address TOKEN = Address.parse("0x" + "70".repeat(20));
    private static final Address OTHER = Address.parse("0x" + "e5".repeat(20));
    static final Domain DOMAIN = new Domain(31337, OTHER);

    /** Every batch that arrived, whether it was answered or not. */
    final List<BatchSubmission> batches = new ArrayList<>();

    /** Every job that was made, by its key. */
    final Map<String, JobId> made = new LinkedHashMap<>();

    /** What was announced to be uploaded. */
    final List<ContentId> uploads = new ArrayList<>();

    /** Which batches and jobs are taken without an answer, by how many there were before. */
    Predicate<Integer> isLost = _ -> false;

    /** How many more quotes it gives. */
    int quotesLeft = Integer.MAX_VALUE;

    private static final Problem LATER_ON =
            new Problem("about:blank", "", 503, "UNAVAILABLE", "Expected room", "h", true, "", List.of());

    private final Set<String> busy = new HashSet<>();
    private final Map<String, Object> documents = new LinkedHashMap<>();
    private final HttpServer server;
    private int submissions;

    StubHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1", this::answer);
        server.start();
    }

    /** The wallet in its home. */
    static void moveIn(Path home) throws IOException {
        Files.write(
                home.resolve("wallet.json"),
                Keystore.write(WALLET, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        Files.writeString(home.resolve("wallet.password"), "secret");
    }

    /** Answers a path with a document. */
    StubHub with(String path, Object document) {
        documents.put(path, document);
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String[] words(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--hub", url()));
        return all.toArray(String[]::new);
    }

    /** In JSON, which is YAML as well. */
    static String job(String name) {
        return job(name, "sha256:" + "d".repeat(64));
    }

    static String job(String name, String dataset) {
        return """
            {"name": "%s", "trainer": "strict", "base": "sha256:%s", "dataset": "%s",\
             "method": {"kind": "lora", "r": 8, "targets": ["q_proj"]}, "train": {"steps": 8, "seqLen": 64},\
             "price": {"max": "2.50"}}""".formatted(name, "b".repeat(64), dataset);
    }

    static Problem problem(String code, String detail) {
        return new Problem("about:blank", code, 422, code, detail, "h", false, "", List.of());
    }

    private void answer(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        var path = exchange.getRequestURI().getPath().substring("/api/v1".length());
        try (exchange) {
            var answer = documents.containsKey(path)
                    ? Optional.of(documents.get(path))
                    : answer(path, body, exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            if (answer.isPresent()) {
                write(exchange, answer.get());
            }
        }
    }

    private static void write(HttpExchange exchange, Object answer) throws IOException {
        var bytes = Json.bytes(answer);
        var status = answer instanceof Problem problem ? problem.status() : 200;
        if (status == 429) {
            exchange.getResponseHeaders().set("Retry-After", Integer.toString(RETRY_AFTER));
        }
        exchange.getResponseHeaders()
                .set("Content-Type", status == 200 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Empty where it says nothing. */
    private Optional<Object> answer(String path, byte[] body, String key) {
        return switch (path) {
            case "/hub" -> Optional.of(hub());
            case "/sessions/challenges" -> Optional.of(new Challenge("0".repeat(64), "", LATER));
            case "/sessions" -> Optional.of(new SessionView("token", LATER));
            case "/quotes" -> Optional.of(quote(Json.parse(body).path("spec")));
            case "/artifacts/uploads" -> Optional.of(uploaded(Json.read(body, UploadRequest.class)));
            case "/jobs" -> told(taken(new KeyedSubmission(key, Json.read(body, SubmitRequest.class))));
            case "/jobs:batch" -> told(taken(Json.read(body, BatchSubmission.class)));
            case String other -> Optional.of(problem("NOT_FOUND", other));
        };
    }

    private Optional<Object> told(Object answer) {
        return isLost.test(submissions++) ? Optional.empty() : Optional.of(answer);
    }

    private static HubInfo hub() {
        return new HubInfo(
                HUB, 31337, OTHER, OTHER, OTHER, TOKEN, "ptUSD", 6, 5, 3600, "http://127.0.0.1:1", List.of());
    }

    private UploadView uploaded(UploadRequest request) {
        uploads.add(request.sha256());
        return new UploadView("an-upload", request.sha256(), request.size(), request.size(), true);
    }

    private Object quote(JsonNode human) {
        if (quotesLeft-- <= 0) {
            return new Problem("about:blank", "", 429, "RATE_LIMITED", "Expected fewer", "h", true, "", List.of());
        }
        if (human.path("name").asText().equals("bad")) {
            return problem("INVALID_SPEC", "Expected a better job, but it is bad");
        }
        var spec = ((SpecParser.Result.Valid) SpecParser.parse(human, NAMES)).spec();
        var order = new JobOrder(
                WALLET.address(),
                HUB,
                Ids.jobId(),
                SpecHash.of(spec),
                TOKEN,
                spec.price().max(),
                spec.borders(),
                spec.verification().quorum(),
                false,
                0,
                LATER.getEpochSecond());
        return new Quote(
                spec,
                order.specHash(),
                spec.borders(),
                1,
                2,
                2,
                Amount.of(1),
                Amount.of(3),
                order,
                List.of(),
                null,
                List.of(),
                LATER);
    }

    private BatchAnswer taken(BatchSubmission batch) {
        batches.add(batch);
        return new BatchAnswer(batch.jobs().stream()
                .map(job -> switch (job.request().spec().name()) {
                    case "dear" -> SubmissionAnswer.refused(job.key(), problem("PRICE_TOO_LOW", "Expected more"));
                    case "busy" -> busy.add(job.key()) ? SubmissionAnswer.refused(job.key(), LATER_ON) : make(job);
                    default -> make(job);
                })
                .toList());
    }

    private SubmissionAnswer make(KeyedSubmission job) {
        var id = job.request().order().jobId();
        boolean replayed = made.putIfAbsent(job.key(), id) != null;
        return SubmissionAnswer.taken(job.key(), id, replayed);
    }

    private JobView taken(KeyedSubmission job) {
        make(job);
        var order = job.request().order();
        return new JobView(
                order.jobId(),
                "a",
                JobState.SUBMITTED,
                null,
                null,
                null,
                order.builder(),
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                job.request().spec(),
                order.specHash(),
                order.digest(DOMAIN),
                order,
                1,
                0,
                order.maxPayment(),
                Amount.ZERO,
                Amount.ZERO,
                Amount.ZERO,
                List.of(),
                List.of(),
                null,
                null,
                null);
    }

    private static final SpecResolver NAMES = new SpecResolver() {
        @Override
        public Optional<Trainer> trainer(String name) {
            return Optional.of(new Trainer(ContentId.parse("sha256:" + "1".repeat(64))));
        }

        @Override
        public Optional<ContentId> model(String reference) {
            return Optional.empty();
        }

        @Override
        public Optional<ContentId> dataset(String reference) {
            return Optional.empty();
        }

        @Override
        public int tokenDecimals() {
            return 6;
        }
    };

    @Override
    public void close() {
        server.stop(0);
    }
}
