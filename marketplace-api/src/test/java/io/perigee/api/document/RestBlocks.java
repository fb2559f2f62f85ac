package io.perigee.api.document;

import static io.perigee.api.document.ExampleJob.FIRST;
import static io.perigee.api.document.ExampleJob.ID;
import static io.perigee.api.document.ExampleJob.INFO;
import static io.perigee.api.document.ExampleJob.ORDER;
import static io.perigee.api.document.ExampleJob.SPEC;
import static io.perigee.api.document.ExampleParties.BUILDER;
import static io.perigee.api.document.ExampleParties.DOMAIN;
import static io.perigee.api.document.ExampleParties.HUB;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.api.problem.HttpStatus;
import io.perigee.api.problem.SampleProblems;
import io.perigee.api.projection.Story;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.fact.JobFact;
import io.perigee.protocol.id.Amount;
import io.perigee.protocol.rest.*;
import io.perigee.protocol.spec.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The builder's side over HTTP: signing in, quote, order, the job, its timeline, its errors. */
final class RestBlocks {
    private static final String JSON = "Content-Type: application/json";
    private static final String TRACE = ExampleJob.secret("trace").substring(0, 32);
    static final String TOKEN = ExampleJob.secret("builder token");
    private static final String NONCE = ExampleJob.secret("builder nonce");
    private static final List<Class<? extends Record>> TYPES = List.of(
            HubInfo.class,
            TrainerInfo.class,
            Challenge.class,
            SessionRequest.class,
            SessionView.class,
            Quote.class,
            Candidate.class,
            Estimate.class,
            MemoryEstimate.class,
            Estimate.Largest.class,
            SubmitRequest.class,
            BatchSubmission.class,
            KeyedSubmission.class,
            BatchAnswer.class,
            SubmissionAnswer.class,
            JobView.class,
            JobEpoch.class,
            EpochView.class,
            EpochPage.class,
            AttemptView.class,
            ProgressView.class,
            TimelineEntry.class,
            JobEvent.class,
            BundleView.class,
            ProviderPage.class,
            ProviderView.class,
            Problem.class,
            Violation.class,
            UploadRequest.class,
            UploadView.class);

    private RestBlocks() {}

    static Map<String, String> all(Meanings meanings, FieldTables tables) {
        var blocks = new TreeMap<String, String>();
        TYPES.forEach(type -> blocks.put("type " + type.getSimpleName(), tables.table(type.getSimpleName(), type)));
        blocks.put("rest paths", paths());
        blocks.put(
                "rest hub", Http.exchange("GET /api/v1/hub HTTP/1.1", List.of(), null, "200 OK", List.of(JSON), INFO));
        blocks.put("rest session", session());
        blocks.put("rest quote", quote());
        blocks.put("rest submit", submit());
        blocks.put("rest job", PrettyJson.fenced(job()));
        blocks.put("rest timeline", PrettyJson.fenced(timeline()));
        blocks.put("rest problem", problem());
        blocks.put("errors", errors(meanings));
        return blocks;
    }

    private static String paths() {
        var rows = new ArrayList<String>();
        document().path("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(operation -> {
                    var open = operation.getValue().path("security").isMissingNode();
                    rows.add("| `%s %s` | %s | %s |"
                            .formatted(
                                    operation.getKey().toUpperCase(java.util.Locale.ROOT),
                                    path.getKey(),
                                    open
                                            ? "everybody"
                                            : path.getKey().contains("/artifacts") ? "wallet or agent" : "wallet",
                                    operation.getValue().path("summary").asText()));
                }));
        return "| Request | Who | What |\n| --- | --- | --- |\n" + String.join("\n", rows);
    }

    private static JsonNode document() {
        try {
            return Json.parse(Files.readAllBytes(Path.of("openapi.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String session() {
        var message = WalletLogin.message(ExampleJob.ORIGIN, HUB.address(), BUILDER.address(), NONCE);
        var text = new String(message, StandardCharsets.UTF_8);
        return Http.exchange(
                        "POST /api/v1/sessions/challenges HTTP/1.1",
                        List.of(JSON),
                        new ChallengeRequest(BUILDER.address(), ExampleJob.ORIGIN),
                        "201 Created",
                        List.of(JSON),
                        new Challenge(NONCE, text, ExampleJob.at(300)))
                + "\n\nThe text that is signed:\n\n```text\n%s\n```\n\n".formatted(text)
                + Http.exchange(
                        "POST /api/v1/sessions HTTP/1.1",
                        List.of(JSON),
                        new SessionRequest(BUILDER.address(), ExampleJob.ORIGIN, NONCE, BUILDER.signMessage(message)),
                        "201 Created",
                        List.of(JSON),
                        new SessionView(TOKEN, ExampleJob.at(43_200)));
    }

    private static String quote() {
        var price = FIRST.assignment().price();
        var quote = new Quote(
                SPEC,
                ORDER.specHash(),
                SPEC.borders(),
                SPEC.units(),
                SPEC.verification().replicas(),
                SPEC.verification().quorum(),
                price,
                price.times(3),
                ORDER,
                ExampleRun.both()
                        .map(run -> new Candidate(run.provider(), run.wallet().address(), price, null))
                        .toList(),
                new Estimate(
                        1_083_008,
                        32_768,
                        MemoryEstimate.of(9_319_424, 262_144, 262_144, 10_485_760, 1_048_576, 64_000_000),
                        93_915_753,
                        null),
                List.of(),
                ExampleJob.at(900));
        return Http.exchange(
                "POST /api/v1/quotes HTTP/1.1",
                List.of(Http.bearer(TOKEN), JSON),
                new QuoteRequest(ExampleJob.HUMAN),
                "200 OK",
                List.of(JSON),
                quote);
    }

    private static String submit() {
        return Http.request(
                "POST /api/v1/jobs HTTP/1.1",
                List.of(Http.bearer(TOKEN), JSON, "Idempotency-Key: " + ID),
                new SubmitRequest(SPEC, ORDER, ExampleJob.ORDER_SIGNATURE));
    }

    private static JobView job() {
        return new JobView(
                ID,
                SPEC.name(),
                JobState.SETTLED,
                Outcome.ACCEPTED,
                null,
                null,
                BUILDER.address(),
                ExampleJob.at(1),
                ExampleJob.at(ExampleJob.FINAL + 60),
                null,
                SPEC,
                ORDER.specHash(),
                ExampleJob.ORDER_HASH,
                ORDER,
                SPEC.borders(),
                SPEC.borders(),
                ORDER.maxPayment(),
                ORDER.maxPayment(),
                ExampleFacts.payouts().stream().map(payout -> payout.amount()).reduce(Amount.ZERO, Amount::plus),
                ExampleFacts.refund(),
                ExampleRun.both().map(RestBlocks::attempt).toList(),
                List.of(ExampleJob.TRANSACTION, ExampleJob.SETTLING),
                new JobEpoch(ExampleJob.EPOCH.number(), ExampleJob.TRANSACTION, ExampleJob.at(ExampleJob.FINAL)),
                ExampleJob.OUTPUTS.digest(),
                FIRST.checkpoint(SPEC.borders()).digest());
    }

    private static AttemptView attempt(ExampleRun run) {
        int last = SPEC.borders();
        var assignment = run.assignment();
        return new AttemptView(
                run.attempt(),
                run.provider(),
                assignment.owner(),
                assignment.role(),
                assignment.fromBorder(),
                assignment.toBorder(),
                AttemptState.VERIFIED,
                run.hash(),
                assignment.numericClass(),
                assignment.price(),
                assignment.bond(),
                assignment.price(),
                java.time.Instant.ofEpochSecond(assignment.issuedAt()),
                java.time.Instant.ofEpochSecond(assignment.leaseUntil()),
                last,
                run.commitment(last).seal(),
                run.opening(last).root(),
                run.opening(last).outputDigest(),
                null,
                null,
                "It agrees with attempts [%d]".formatted(1 - run.attempt()),
                null);
    }

    private static List<TimelineEntry> timeline() {
        var entries = new ArrayList<TimelineEntry>();
        for (var told : ExampleFacts.all().subList(0, 7)) {
            if (told.body() instanceof JobFact fact) {
                var words = Story.words(fact, DOMAIN);
                entries.add(new TimelineEntry(
                        entries.size() + 1L,
                        ExampleJob.at(told.second()),
                        words.actor(),
                        fact.getClass().getSimpleName(),
                        words.cause(),
                        words.detail(),
                        words.links()));
            }
        }
        return entries;
    }

    // ---- errors

    /** What comes of the example with one number wrong. */
    private static String problem() {
        var wrong = (ObjectNode) ExampleJob.HUMAN.deepCopy();
        ((ObjectNode) wrong.get("train")).put("steps", 0);
        var violations = ExampleJob.violations(wrong);
        var first = violations.getFirst();
        var detail = "Expected '%s' to be %s, but it is %s; %d more are wrong"
                .formatted(first.path(), first.expected(), first.actual(), violations.size() - 1);
        return Http.response(
                "422 Unprocessable Content",
                List.of("Content-Type: application/problem+json", "Cache-Control: no-store"),
                problem(ErrorCode.INVALID_SPEC, detail, violations));
    }

    static Problem problem(ErrorCode code, String detail, List<Violation> violations) {
        return SampleProblems.of(code, detail, violations, TRACE);
    }

    private static String errors(Meanings meanings) {
        return "| Code | HTTP | Retryable | Meaning | Hint |\n| --- | --- | --- | --- | --- |\n"
                + Arrays.stream(ErrorCode.values())
                        .map(code -> "| `%s` | %d | %s | %s | %s |"
                                .formatted(
                                        code,
                                        HttpStatus.of(code),
                                        code.retryable() ? "yes" : "no",
                                        meanings.of("ErrorCode", code.name()).meaning(),
                                        code.hint().replace("<", "&lt;")))
                        .collect(Collectors.joining("\n"));
    }
}
