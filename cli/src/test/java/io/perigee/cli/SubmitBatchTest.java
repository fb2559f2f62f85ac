package io.perigee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.crypto.KeyPair;
import io.perigee.protocol.crypto.Keystore;
import io.perigee.protocol.crypto.Signatures;
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
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.rest.Quote;
import io.perigee.protocol.rest.SessionView;
import io.perigee.protocol.rest.SubmissionAnswer;
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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code submit --batch} against something that answers as a hub does. */
class SubmitBatchTest {
    private static final Address HUB = Address.parse("0x" + "ab".repeat(20));
    private static final Address TOKEN = Address.parse("0x" + "70".repeat(20));
    private static final Address OTHER = Address.parse("0x" + "e5".repeat(20));
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");
    private static final KeyPair WALLET = DevMarket.key("batch");

    @TempDir
    Path home;

    @TempDir
    Path jobs;

    private final List<BatchSubmission> sent = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        Files.write(
                home.resolve("wallet.json"),
                Keystore.write(WALLET, "secret", Keystore.Strength.LIGHT, new SecureRandom()));
        Files.writeString(home.resolve("wallet.password"), "secret");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1", this::answer);
        server.start();
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

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        Object answer =
                switch (exchange.getRequestURI().getPath().substring("/api/v1".length())) {
                    case "/hub" ->
                        new HubInfo(
                                HUB,
                                31337,
                                OTHER,
                                OTHER,
                                OTHER,
                                TOKEN,
                                "ptUSD",
                                6,
                                5,
                                3600,
                                "http://127.0.0.1:1",
                                List.of());
                    case "/sessions/challenges" -> new Challenge("0".repeat(64), "", LATER);
                    case "/sessions" -> new SessionView("token", LATER);
                    case "/quotes" -> quote(Json.parse(body).path("spec"));
                    case "/jobs:batch" -> taken(Json.read(body, BatchSubmission.class));
                    case String other -> problem("NOT_FOUND", other);
                };
        var bytes = Json.bytes(answer);
        var status = answer instanceof Problem problem ? problem.status() : 200;
        exchange.getResponseHeaders()
                .set("Content-Type", status == 200 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Object quote(JsonNode human) {
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

    /** In JSON, which is YAML as well. */
    private static String job(String name) {
        return """
            {"name": "%s", "trainer": "strict", "base": "sha256:%s", "dataset": "sha256:%s",\
             "method": {"kind": "lora", "r": 8, "targets": ["q_proj"]}, "train": {"steps": 8, "seqLen": 64},\
             "price": {"max": "2.50"}}""".formatted(name, "b".repeat(64), "d".repeat(64));
    }

    /** All but those of a name. */
    private Object taken(BatchSubmission batch) {
        sent.add(batch);
        return new BatchAnswer(batch.jobs().stream()
                .map(job -> job.request().spec().name().equals("dear")
                        ? SubmissionAnswer.refused(job.key(), problem("PRICE_TOO_LOW", "Expected more, but it is less"))
                        : SubmissionAnswer.taken(job.key(), JobId.parse(job.key()), false))
                .toList());
    }

    private static Problem problem(String code, String detail) {
        return new Problem("about:blank", code, 422, code, detail, "h", false, "", List.of());
    }

    private CliRun perigee(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--hub", "http://127.0.0.1:" + server.getAddress().getPort()));
        return CliRun.of(home, all.toArray(String[]::new));
    }

    @Test
    void shouldSubmitEveryJobOfADirectoryAndSayWhatBecameOfEach() throws IOException {
        // given
        for (var name : List.of("a", "bad", "dear", "z")) {
            Files.writeString(jobs.resolve(name + ".yaml"), job(name));
        }

        // when
        var run = perigee("submit", "--batch", jobs.toString(), "--yes");

        // then
        assertThat(run.exit()).as(run.err()).isEqualTo(ExitCode.REFUSED);
        var batch = sent.getFirst().jobs();
        assertThat(sent).hasSize(1);
        assertThat(batch.stream().map(job -> job.request().spec().name())).containsExactly("a", "dear", "z");
        assertThat(batch).allSatisfy(job -> assertThat(Signatures.isBy(
                        WALLET.address(),
                        job.request().order().digest(new Domain(31337, OTHER)),
                        job.request().orderSignature()))
                .isTrue());
        assertThat(run.out())
                .contains("4 jobs, 3 of them quoted")
                .containsPattern("a\\.yaml +" + batch.getFirst().key())
                .containsPattern("bad\\.yaml +refused +INVALID_SPEC")
                .containsPattern("dear\\.yaml +refused +PRICE_TOO_LOW")
                .containsPattern("z\\.yaml +" + batch.getLast().key());
    }

    @Test
    void shouldTellProgramsALineForEachJob() throws IOException {
        // given
        var file = Files.writeString(jobs.resolve("jobs.jsonl"), job("a") + "\n" + job("b") + "\n");

        // when
        var run = perigee("submit", "--batch", file.toString(), "--json");

        // then
        assertThat(run.exit()).as(run.err()).isZero();
        var lines = Json.read(run.out(), JsonNode.class);
        assertThat(lines.findValuesAsText("name")).containsExactly("line 1", "line 2");
        assertThat(lines.findValuesAsText("status")).containsExactly("201", "201");
    }

    @Test
    void shouldAskOnceAndSignNothingWithoutAYes() throws IOException {
        // given
        Files.writeString(jobs.resolve("a.yaml"), job("a"));

        // when
        var run = perigee("submit", "--batch", jobs.toString());

        // then
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldRefuseOptionsThatNameOneJob() {
        var run = perigee("submit", "--batch", jobs.toString(), "--watch");
        assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("--batch without JOB.yaml");
    }
}
