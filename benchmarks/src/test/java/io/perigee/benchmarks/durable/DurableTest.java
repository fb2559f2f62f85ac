package io.perigee.benchmarks.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.testkit.process.Child;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableTest {
    @TempDir
    Path directory;

    @Test
    void shouldHaveASlotForEveryReplica() {
        var options = DurableOptions.of("--jobs", "1000", "--agents", "100");
        assertThat(options.singles()).isEqualTo(100);
        assertThat((long) options.slots() * options.agents()).isGreaterThan(2L * (2 * 1_000 + 1_000 + 100));
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertThatThrownBy(() -> DurableOptions.of("--job", "1")).hasMessageContaining("--job");
        assertThatThrownBy(() -> DurableOptions.of("--jobs")).hasMessageContaining("--jobs");
    }

    @Test
    void shouldCountTheProcessorTimeOfAProcessAndOfWhatItStarts() throws Exception {
        // given a shell whose child works for a while and ends
        var busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        var child = Child.start(new Child.Command(
                "busy", List.of("sh", "-c", "sh -c '" + busy + "'; sleep 60"), directory.resolve("log")));
        try (var plain = new CpuMeter.Proc(child.pid());
                var meter = CpuMeter.of("test", child)) {
            // when
            long seen = 0;
            for (int i = 0; i < 600 && seen < 50_000_000; i++) {
                TimeUnit.MILLISECONDS.sleep(50);
                seen = Math.min(plain.nanos(), meter.nanos() + 50_000_000);
            }

            // then
            assertThat(plain.nanos()).isGreaterThan(0);
            assertThat(seen).isGreaterThan(0);
        } finally {
            child.stop(Duration.ofSeconds(5));
            child.kill();
        }
    }
}
