package io.perigee.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.Address;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.id.ContentId;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.message.JobOrder;
import io.perigee.protocol.rest.BatchAnswer;
import io.perigee.protocol.rest.BatchSubmission;
import io.perigee.protocol.rest.BundleView;
import io.perigee.protocol.rest.Challenge;
import io.perigee.protocol.rest.HubInfo;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.JobView;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.rest.ProviderPage;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.SessionView;
import io.perigee.protocol.rest.SubmissionAnswer;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.protocol.result.Bundle;
import io.perigee.protocol.spec.SpecHash;
import io.perigee.protocol.spec.SpecParser;
import io.perigee.protocol.spec.SpecResolver;
import io.perigee.testkit.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Answers one builder as a hub does, and what a test wants instead. */
final class QuotingHub implements AutoCloseable {
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

    /** What was sent instead of an answer: a status and a page. */
    private record Page(int status, String text) {}

    final List<BatchSubmission> batches = new CopyOnWriteArrayList<>();
    final List<SubmitRequest> submitted = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private final Address builder;
    private final Map<JobId, Bundle> bundles = new ConcurrentHashMap<>();
    private volatile HubInfo says;
    private volatile Optional<Page> instead = Optional.empty();
    private volatile Supplier<JobId> ids = Ids::jobId;

    QuotingHub(HubInfo says, Address builder) {
        this.says = says;
        this.builder = builder;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on it says another thing of itself. */
    void says(HubInfo other) {
        says = other;
    }

    /** From now on a page comes where it said who it is. */
    void hides(int status, String page) {
        instead = Optional.of(new Page(status, page));
    }

    /** Every job that it quotes has this id. */
    void names(JobId one) {
        ids = () -> one;
    }

    /** What it shows for the proof of a job. */
    void shows(JobId job, Bundle bundle) {
        bundles.put(job, bundle);
    }

    /** The same facts with other decimals, of another chain. */
    static HubInfo with(HubInfo info, long chain, int decimals) {
        return new HubInfo(
                info.hub(),
                chain,
                info.escrow(),
                info.registry(),
                info.epochs(),
                info.token(),
                info.tokenSymbol(),
                decimals,
                info.windowSeconds(),
                info.maxOrderSeconds(),
                info.rpcUrl(),
                info.trainers());
    }

    /** The same facts without an endpoint of the chain. */
    static HubInfo withoutEndpoint(HubInfo info) {
        return new HubInfo(
                info.hub(),
                info.chainId(),
                info.escrow(),
                info.registry(),
                info.epochs(),
                info.token(),
                info.tokenSymbol(),
                info.tokenDecimals(),
                info.windowSeconds(),
                info.maxOrderSeconds(),
                "",
                info.trainers());
    }

    /** In JSON, which is YAML as well. */
    static String job(String name) {
        return """
            {"name": "%s", "trainer": "strict", "base": "sha256:%s", "dataset": "sha256:%s",\
             "method": {"kind": "lora", "r": 8, "targets": ["q_proj"]}, "train": {"steps": 8, "seqLen": 64},\
             "price": {"max": "2.50"}}""".formatted(name, "b".repeat(64), "d".repeat(64));
    }

    private void answer(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        var path = exchange.getRequestURI().getPath();
        var page = instead;
        if (page.isPresent() && path.endsWith("/hub")) {
            send(exchange, page.get().status(), "text/html", page.get().text().getBytes(StandardCharsets.UTF_8));
            return;
        }
        var answer = answer(path.substring("/api/v1".length()), body);
        int status = answer instanceof Problem problem ? problem.status() : 200;
        send(exchange, status, status == 200 ? "application/json" : "application/problem+json", Json.bytes(answer));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Object answer(String path, byte[] body) {
        return switch (path) {
            case "/hub" -> says;
            case "/providers" -> new ProviderPage(List.of(), null);
            case "/sessions/challenges" -> new Challenge("0".repeat(64), "", LATER);
            case "/sessions" -> new SessionView("token", LATER);
            case "/quotes" -> quote(Json.parse(body).path("spec"));
            case "/jobs" -> taken(Json.read(body, SubmitRequest.class));
            case "/jobs:batch" -> taken(Json.read(body, BatchSubmission.class));
            case String other when other.endsWith("/bundle") -> bundle(other);
            case String other -> problem("NOT_FOUND", other);
        };
    }

    private Object bundle(String path) {
        var bundle = bundles.get(JobId.parse(path.split("/")[2]));
        return bundle == null ? problem("NOT_FOUND", path) : new BundleView(bundle, null, null);
    }

    private Object quote(JsonNode human) {
        if (human.path("name").asText().equals("bad")) {
            return problem("INVALID_SPEC", "Expected a better job, but it is bad");
        }
        var spec = ((SpecParser.Result.Valid) SpecParser.parse(human, new Names(says.tokenDecimals()))).spec();
        var order = new JobOrder(
                builder,
                says.hub(),
                ids.get(),
                SpecHash.of(spec),
                says.token(),
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

    private JobView taken(SubmitRequest job) {
        submitted.add(job);
        var order = job.order();
        return new JobView(
                order.jobId(),
                job.spec().name(),
                JobState.SUBMITTED,
                null,
                null,
                null,
                builder,
                LATER,
                LATER,
                null,
                job.spec(),
                order.specHash(),
                order.specHash(),
                order,
                order.segments(),
                0,
                order.maxPayment(),
                order.maxPayment(),
                Amount.ZERO,
                Amount.ZERO,
                List.of(),
                List.of(),
                null,
                null,
                null);
    }

    /** All but those of a name. */
    private BatchAnswer taken(BatchSubmission batch) {
        batches.add(batch);
        return new BatchAnswer(batch.jobs().stream()
                .map(job -> job.request().spec().name().equals("dear")
                        ? SubmissionAnswer.refused(job.key(), problem("PRICE_TOO_LOW", "Expected more, but it is less"))
                        : SubmissionAnswer.taken(job.key(), JobId.parse(job.key()), false))
                .toList());
    }

    private static Problem problem(String code, String detail) {
        return new Problem("about:blank", code, 422, code, detail, "h", false, "", List.of());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private record Names(int tokenDecimals) implements SpecResolver {
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
    }
}
