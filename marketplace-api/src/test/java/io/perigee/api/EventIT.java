package io.perigee.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.JobFunded;
import io.perigee.protocol.fact.JobQueued;
import io.perigee.protocol.fact.JobSettled;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.rest.JobEvent;
import io.perigee.protocol.rest.JobState;
import io.perigee.protocol.rest.TimelineEntry;
import io.perigee.testkit.process.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(Servers.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class EventIT {
    private Door door;
    private JobId job;

    @BeforeEach
    void submit() {
        door = Door.open();
        var submitted = door.job();
        job = submitted.id();
        Log.publish(new JobFunded(job, submitted.maxPayment(), 7));
    }

    @Test
    void shouldStreamWhatHappensUntilTheJobIsSettled() throws Exception {
        // given
        try (var stream = open(null)) {
            assertThat(next(stream).kind()).isEqualTo("JobSubmitted");
            assertThat(next(stream).kind()).isEqualTo("JobFunded");

            // when
            Log.publish(new JobQueued(job, List.of()));
            settle();

            // then
            var queued = next(stream);
            assertThat(queued.kind()).isEqualTo("JobQueued");
            assertThat(queued.seq()).isEqualTo(3);
            assertThat(next(stream).kind()).isEqualTo("JobSettled");
            assertThat(line(stream)).isNull();
        }
        assertThat(door.job(job).state()).isEqualTo(JobState.SETTLED);
    }

    @Test
    void shouldResumeAfterTheLastEventThatWasSeen() throws Exception {
        // given
        Log.publish(new JobQueued(job, List.of()));
        settle();

        // when
        var kinds = new ArrayList<String>();
        try (var stream = open("2")) {
            kinds.add(next(stream).kind());
            kinds.add(next(stream).kind());
        }

        // then
        assertThat(kinds).containsExactly("JobQueued", "JobSettled");
    }

    @Test
    void shouldEndAtOnceForAReaderThatHasSeenTheLastEvent() throws Exception {
        // given
        settle();
        Await.until(Log.SOON, () -> door.job(job).state() == JobState.SETTLED, () -> "not settled");

        // when
        try (var stream = open("3")) {

            // then
            assertThat(line(stream)).isNull();
        }
    }

    @Test
    void shouldSayThatItLives() throws Exception {
        // given
        try (var stream = open(null)) {
            next(stream);
            next(stream);

            // when
            var line = line(stream);

            // then
            assertThat(line).startsWith(":");
        }
    }

    @Test
    void shouldRefuseALastEventIdThatIsNone() {
        door.asking()
                .header("Last-Event-ID", "x")
                .get("/api/v1/jobs/" + job + "/events")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("MALFORMED"));
    }

    @Test
    void shouldServeMoreReadersThanItHasConnections() throws Exception {
        // given
        var streams = new ArrayList<BufferedReader>();
        for (int i = 0; i < 30; i++) {
            var stream = open(null);
            next(stream);
            next(stream);
            streams.add(stream);
        }

        // when
        settle();

        // then
        for (var stream : streams) {
            assertThat(next(stream).kind()).isEqualTo("JobSettled");
            stream.close();
        }
    }

    @Test
    void shouldTellTheTimeline() {
        // given
        settle();
        Await.until(Log.SOON, () -> door.job(job).state() == JobState.SETTLED, () -> "not settled");

        // when
        var entries = Door.read(door.get("/jobs/{id}/timeline", job), TimelineEntry[].class);

        // then
        assertThat(entries).extracting(TimelineEntry::kind).containsExactly("JobSubmitted", "JobFunded", "JobSettled");
        assertThat(entries[0].actor()).isEqualTo("builder");
        assertThat(entries[0].links()).containsKeys("order", "spec");
        assertThat(entries[2].links()).containsEntry("transaction", "0x01");
    }

    private void settle() {
        Log.publish(new JobSettled(
                job, List.of("0x01"), 21_000, List.of(), io.perigee.protocol.id.Amount.of(2_500_000), List.of()));
    }

    private BufferedReader open(String lastEventId) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create("http://localhost:%d/api/v1/jobs/%s/events".formatted(RestAssured.port, job)))
                .header("Authorization", "Bearer " + door.token())
                .header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        var response = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static String line(BufferedReader stream) throws IOException {
        String line;
        do {
            line = stream.readLine();
        } while (line != null && line.isEmpty());
        return line;
    }

    private static JobEvent next(BufferedReader stream) throws IOException {
        String id = "";
        while (true) {
            var line = stream.readLine();
            if (line == null) {
                throw new AssertionError("the stream ended");
            }
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            }
            if (line.startsWith("data:")) {
                var event = Json.read(line.substring(5).strip(), JobEvent.class);
                assertThat(id).isEqualTo(Long.toString(event.seq()));
                return event;
            }
        }
    }
}
