package io.perigee.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobEventsTest {
    private static final JobId JOB = JobId.parse("0198f3a1-b2c4-7d8e-9fa0-b1c2d3e4f506");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeHub hub = new FakeHub();
    private final List<String> resumed = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void shouldGoOnAfterABrokenConnectionWithoutGapsOrRepeats() {
        // given: a hub that hangs up after two events
        serve(2, 7);

        // when
        var seen = follow(0, 7);

        // then
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(resumed).containsExactly("", "2", "4", "6");
    }

    @Test
    void shouldStartWhereItIsTold() {
        serve(100, 7);
        assertThat(follow(5, 7)).containsExactly(6L, 7L);
    }

    @Test
    void shouldOpenASilentConnectionAgain() {
        // given: the first connection sends one event and then nothing for ever
        var settings = hub.settings().withIdleTimeout(Duration.ofMillis(300));
        hub.on("/jobs/" + JOB + "/events", exchange -> {
            var last = begin(exchange);
            exchange.getResponseBody().write(event(last + 1));
            exchange.getResponseBody().flush();
            if (last == 0) {
                try {
                    Thread.sleep(5_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });

        // when
        var seen = new ArrayList<Long>();
        long began = System.nanoTime();
        try (var client = new PerigeeClient(settings)) {
            client.events(JOB).follow(0, LONG, event -> seen.add(event.seq()) && event.seq() < 3);
        }

        // then
        assertThat(seen).containsExactly(1L, 2L, 3L);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void shouldEndWhenTimeIsUp() {
        // given
        hub.on("/jobs/" + JOB + "/events", exchange -> begin(exchange));

        // when
        try (var client = hub.client()) {
            long last = client.events(JOB).follow(3, Duration.ofMillis(200), _ -> true);

            // then
            assertThat(last).isEqualTo(3);
        }
    }

    @Test
    void shouldPassARefusalOn() {
        hub.on("/jobs/" + JOB + "/events", exchange -> FakeHub.problem(exchange, 404, "NOT_FOUND", false));
        try (var client = hub.client()) {
            assertThatThrownBy(() -> client.events(JOB).follow(0, LONG, _ -> true))
                    .isInstanceOf(ApiException.class);
        }
    }

    private List<Long> follow(long after, long until) {
        var seen = new ArrayList<Long>();
        try (var client = hub.client()) {
            client.events(JOB).follow(after, LONG, event -> seen.add(event.seq()) && event.seq() < until);
        }
        return seen;
    }

    private void serve(int each, int all) {
        hub.on("/jobs/" + JOB + "/events", exchange -> {
            long last = begin(exchange);
            for (long seq = last + 1; seq <= Math.min(last + each, all); seq++) {
                exchange.getResponseBody().write(": alive\n\n".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody()
                        .write("event: x\ndata: {\"newer\":true}\n\n".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().write(event(seq));
            }
        });
    }

    private long begin(HttpExchange exchange) throws IOException {
        var last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        resumed.add(last == null ? "" : last);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return last == null ? 0 : Long.parseLong(last);
    }

    private static byte[] event(long seq) {
        var event = new JobEvent(seq, "JobQueued", Instant.EPOCH, Json.mapper().createObjectNode());
        return "id: %d\nevent: JobQueued\ndata: %s\n\n"
                .formatted(seq, Json.text(event))
                .getBytes(StandardCharsets.UTF_8);
    }
}
