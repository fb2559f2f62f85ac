package io.perigee.api.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import io.perigee.api.problem.Refused;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;
import io.perigee.protocol.id.JobId;
import io.perigee.protocol.id.Uuid7;
import io.perigee.protocol.rest.KeyedSubmission;
import io.perigee.protocol.rest.SubmitRequest;
import io.perigee.testkit.sample.SampleJobs;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchReadingTest {
    private static final int MOST = 1_000;
    private static final long LARGEST = 1 << 20;
    private static final int BATCH = 8 << 20;
    /** Most of it is garbage at once. The trees of these batches are 200 megabytes and more. */
    private static final long SOME_MEGABYTES = 64 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"1", "{}", "[]", "\"\"", "null"})
    void shouldReadNoMoreOfABatchThanItMayHave(String job) {
        // given: as many as have room in the largest batch
        var body = batch(String.join(",", Collections.nCopies(BATCH / (job.length() + 1), job)));

        // when
        var before = allocated();
        assertThatThrownBy(() -> new BatchReading(body, MOST, LARGEST).read())
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.rejected().code()).isEqualTo(ErrorCode.MALFORMED))
                .hasMessageContaining("1 to 1000 jobs, but it has 1001 or more");

        // then
        assertThat(allocated() - before).isLessThan(SOME_MEGABYTES);
    }

    @Test
    void shouldReadNoJobThatIsLargerThanOneThatComesAlone() {
        // given: one list with millions in it
        var body = batch("[" + String.join(",", Collections.nCopies(BATCH / 3, "{}")) + "]");

        // when
        var before = allocated();
        assertThatThrownBy(() -> new BatchReading(body, MOST, LARGEST).read())
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.rejected().code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessageContaining("1048576");

        // then
        assertThat(allocated() - before).isLessThan(SOME_MEGABYTES);
    }

    @Test
    void shouldNotKeepTheTextsOfAListThatIsTooLong() {
        // given
        var job = (ObjectNode) Json.tree(job());
        var targets = ((ObjectNode) job.at("/request/spec/method")).putArray("targets");
        IntStream.range(0, 2_000).forEach(_ -> targets.add("q"));

        // when
        var place =
                new BatchReading(batch(Json.text(job)), MOST, LARGEST).read().getFirst();

        // then
        assertThat(place.job()).isNull();
        assertThat(place.refused().rejected().code()).isEqualTo(ErrorCode.INVALID_SPEC);
        assertThat(place.key()).isEqualTo(job().key());
    }

    @Test
    void shouldReadEachJobAtItsPlace() {
        // given: texts whose bytes and characters differ in number
        var good = job();
        var unknown = (ObjectNode) Json.tree(good);
        unknown.put("farbe", "grün €");
        var jobs = List.of(" 17 ", Json.text(unknown), "\"ü\"", "\n" + Json.text(good), "{\"key\":{\"key\":\"k\"}}");

        // when
        var places = new BatchReading(batch(String.join(",", jobs)), MOST, LARGEST).read();

        // then
        assertThat(places).extracting(BatchReading.Place::job).containsExactly(null, null, null, good, null);
        assertThat(places)
                .extracting(BatchReading.Place::key)
                .containsExactly(null, good.key(), null, good.key(), null);
        assertThat(places.get(1).refused()).hasMessageContaining("farbe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"jobs\":1}",
                "{\"jobs\":[],\"more\":1}",
                "{\"more\":1,\"jobs\":[1]}",
                "{\"jobs\":[1],\"more\":1}",
                "{\"jobs\":[1]} {}",
                "{\"jobs\":[1",
                "{\"jobs\":[{\"key\":\"a\\u0000\"}]}"
            })
    void shouldRefuseWhatIsNoBatch(String body) {
        assertThatThrownBy(() -> new BatchReading(body.getBytes(StandardCharsets.UTF_8), MOST, LARGEST).read())
                .isInstanceOfAny(InvalidValue.class, Refused.class)
                .hasMessageStartingWith("Expected ");
    }

    @Test
    void shouldRefuseABatchInAnotherEncoding() {
        // given
        var body = "{\"jobs\":[{}]}".getBytes(StandardCharsets.UTF_16BE);

        // then
        assertThatThrownBy(() -> new BatchReading(body, MOST, LARGEST).read())
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("UTF-8");
    }

    private static KeyedSubmission job() {
        var now = Instant.parse("2026-06-01T12:00:00Z");
        var spec = SampleJobs.lora(2);
        var order = SampleJobs.order(new JobId(Uuid7.of(now, new byte[Uuid7.RANDOM_BYTES])), spec, now, 3_600);
        return new KeyedSubmission(
                "a-key",
                new SubmitRequest(spec, order, SampleJobs.submitted(order, spec).orderSignature()));
    }

    private static byte[] batch(String jobs) {
        return ("{\"jobs\":[" + jobs + "]}").getBytes(StandardCharsets.UTF_8);
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
