package io.perigee.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.rest.Problem;
import io.perigee.protocol.spec.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Sends requests: with the bearer token, with time limits, again when that is safe, and turns problems into exceptions. */
final class Transport implements AutoCloseable {
    private static final int UNAUTHENTICATED = 401;
    /** Of what a server says instead of an answer. */
    private static final int MOST_PROBLEM = 64 << 10;

    private static final String PROBLEM_JSON = "application/problem+json";

    private static final Duration UNBOUNDED = Duration.ofDays(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

    private final ClientSettings settings;
    private final HttpClient http;
    private volatile @Nullable String token;
    private volatile @Nullable Supplier<String> signIn;

    Transport(ClientSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    ClientSettings settings() {
        return settings;
    }

    /** Signs in now, and again whenever the hub forgets the session. */
    void authenticate(Supplier<String> signIn) {
        this.token = signIn.get();
        this.signIn = signIn;
    }

    <T> T get(String path, Class<T> type) {
        return json(send(request(path, Map.of(), "GET", null), true), type);
    }

    <T> T post(String path, @Nullable Object body, Class<T> type, Map<String, String> headers, boolean repeatable) {
        return json(
                send(request(path, headers, "POST", body == null ? new byte[0] : Json.bytes(body)), repeatable), type);
    }

    /** Sends once or more; the answer's status is below 400. The caller closes the body. */
    HttpResponse<InputStream> send(HttpRequest request, boolean repeatable) {
        return send(request, repeatable, UNBOUNDED);
    }

    /** The same, within a time that all attempts share. */
    HttpResponse<InputStream> send(HttpRequest request, boolean repeatable, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        var renewed = false;
        for (int attempt = 1; ; attempt++) {
            var limit = limit(end);
            var told = Duration.ZERO;
            try {
                var response = http.send(authorised(request, limit), HttpResponse.BodyHandlers.ofInputStream());
                if (response.statusCode() < 400) {
                    return response;
                }
                var fault = problem(response, limit(end));
                if (response.statusCode() == UNAUTHENTICATED && renew(renewed)) {
                    renewed = true;
                    attempt--;
                } else if (!(repeatable && fault.problem().retryable())
                        || attempt >= settings.attempts()
                        || System.nanoTime() >= end
                        || isLater(fault)) {
                    throw fault;
                }
                told = fault.retryAfter().orElse(Duration.ZERO);
            } catch (IOException e) {
                if (!repeatable || attempt >= settings.attempts() || System.nanoTime() >= end) {
                    throw ApiException.unreachable(settings.hub(), e);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            rest(attempt, told);
        }
    }

    /** The hub will refuse until then, so whoever asked decides whether to wait. */
    private static boolean isLater(ApiException fault) {
        return fault.retryAfter()
                .filter(time -> time.compareTo(LONGEST_PAUSE) > 0)
                .isPresent();
    }

    HttpRequest request(String path, Map<String, String> headers, String method, byte @Nullable [] body) {
        var builder = HttpRequest.newBuilder(settings.api(path)).timeout(settings.requestTimeout());
        builder.header("Accept", headers.getOrDefault("Accept", "application/json, " + PROBLEM_JSON));
        if (body != null) {
            builder.header("Content-Type", headers.getOrDefault("Content-Type", "application/json"));
        }
        headers.forEach((name, value) -> {
            if (!name.equals("Accept") && !name.equals("Content-Type")) {
                builder.header(name, value);
            }
        });
        return builder.method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    void rest(int attempt) {
        rest(attempt, Duration.ZERO);
    }

    private void rest(int attempt, Duration told) {
        var usual = settings.pause().multipliedBy(1L << Math.min(Math.max(attempt - 1, 0), 5));
        var pause = usual.compareTo(told) > 0 ? usual : told;
        try {
            Thread.sleep(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private boolean renew(boolean renewed) {
        var again = signIn;
        if (renewed || again == null) {
            return false;
        }
        token = null;
        token = again.get();
        return true;
    }

    /** What is left, and no more than one request may take. */
    private Duration limit(long end) {
        var left = Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
        return left.compareTo(settings.requestTimeout()) < 0 ? left : settings.requestTimeout();
    }

    private HttpRequest authorised(HttpRequest request, Duration limit) {
        var builder = HttpRequest.newBuilder(request, (_, _) -> true).timeout(limit);
        var bearer = token;
        if (bearer != null) {
            builder.setHeader("Authorization", "Bearer " + bearer);
        }
        return builder.build();
    }

    private <T> T json(HttpResponse<InputStream> response, Class<T> type) {
        try (var body = response.body();
                var _ = new Limit(settings.requestTimeout(), body)) {
            return Json.read(body.readNBytes(Json.MAX_DOCUMENT_BYTES + 1), type);
        } catch (IOException e) {
            throw ApiException.unreachable(settings.hub(), e);
        } catch (InvalidValue e) {
            throw ApiException.of(
                    ErrorCode.MALFORMED,
                    "Expected to understand the hub's answer, but: " + e.getMessage(),
                    "Use a client and a hub of matching releases");
        }
    }

    private ApiException problem(HttpResponse<InputStream> response, Duration limit) {
        byte[] bytes;
        try (var body = response.body();
                var _ = new Limit(limit, body)) {
            bytes = body.readNBytes(MOST_PROBLEM);
        } catch (IOException e) {
            return ApiException.unreachable(settings.hub(), e);
        }
        try {
            return new ApiException(readProblem(bytes, response.statusCode()), retryAfter(response));
        } catch (InvalidValue _) {
            var code = response.statusCode() >= 500 ? ErrorCode.UNAVAILABLE : ErrorCode.MALFORMED;
            return new ApiException(
                    new Problem(
                            "about:blank",
                            "HTTP " + response.statusCode(),
                            response.statusCode(),
                            code.name(),
                            "Expected an answer from '%s', but it said HTTP %d"
                                    .formatted(response.uri(), response.statusCode()),
                            "Check that the address is a Perigee hub",
                            code.retryable(),
                            "",
                            List.of()),
                    retryAfter(response));
        }
    }

    /** Null where nothing is said, or a date, which no hub of this protocol sends. */
    private static @Nullable Duration retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(null);
    }

    /** Lenient on purpose: a newer hub may say more than this release knows. */
    private static Problem readProblem(byte[] bytes, int status) {
        var json = Json.parse(bytes);
        if (!json.path("code").isTextual()) {
            throw new InvalidValue("Expected a problem with a code, but there is none");
        }
        return new Problem(
                json.path("type").asText("about:blank"),
                json.path("title").asText(""),
                status,
                json.path("code").asText(),
                json.path("detail").asText(""),
                json.path("hint").asText(""),
                json.path("retryable").asBoolean(false),
                json.path("traceId").asText(""),
                violations(json.path("violations")));
    }

    private static List<Violation> violations(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(v -> new Violation(
                        v.path("path").asText(""),
                        v.path("expected").asText(""),
                        v.path("actual").asText(""),
                        v.path("hint").asText("")))
                .toList();
    }

    ApiException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return ApiException.unreachable(settings.hub(), new IOException("the wait was interrupted", cause));
    }

    URI hub() {
        return settings.hub();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
