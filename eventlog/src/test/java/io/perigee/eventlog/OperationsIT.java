package io.perigee.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.perigee.eventlog.operations.Operations;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class OperationsIT {
    @Test
    void shouldTellHealthAndMetrics() throws Exception {
        // given
        var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        metrics.counter("perigee.outbox.sent").increment(3);
        var ready = new AtomicBoolean();
        try (var operations =
                Operations.start(0, Map.of("self", () -> true), Map.of("database", ready::get), metrics)) {
            // when
            var before = get(operations, "/health/ready");
            ready.set(true);
            var after = get(operations, "/health/ready");
            var live = get(operations, "/health/live");
            var scraped = get(operations, "/metrics");

            // then
            assertThat(before.statusCode()).isEqualTo(503);
            assertThat(before.body()).isEqualTo("{\"status\":\"DOWN\",\"checks\":{\"database\":\"DOWN\"}}");
            assertThat(after.statusCode()).isEqualTo(200);
            assertThat(live.statusCode()).isEqualTo(200);
            assertThat(scraped.body()).contains("perigee_outbox_sent_total 3.0");
        }
    }

    private static HttpResponse<String> get(Operations operations, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + operations.port() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
