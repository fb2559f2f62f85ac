package io.perigee.api.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.api.artifact.filesystem.FilesystemArtifactStore;
import io.perigee.api.settings.SampleSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollectorTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path dir;

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void shouldEndARoundHoweverMuchThereIs() throws IOException {
        // when
        collector("90d").collect(NOW);

        // then
        assertThat(asked).hasValue(100);
    }

    @Test
    void shouldRefuseToForgetWhatAJobMayWant() {
        assertThatThrownBy(() -> collector("30d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("perigee.api.artifacts.keep")
                .hasMessageContaining("960 h");
    }

    @Test
    void shouldKeepForNinetyDaysWhereNobodySaysHowLong() throws IOException {
        // when
        new Collector(new Endless(), new FilesystemArtifactStore(dir), SampleSettings.of()).collect(NOW);

        // then
        assertThat(asked).hasValue(100);
    }

    /** A hub's chain decides how long jobs may want something, and it must start on any. */
    @Test
    void shouldKeepForLongerWhereJobsMayWantItForLonger() throws IOException {
        // given
        var settings = SampleSettings.of("perigee.chain.window", Integer.toString(7 * 86_400));

        // when
        new Collector(new Endless(), new FilesystemArtifactStore(dir), settings).collect(NOW.plus(Duration.ofDays(4)));

        // then: 30 days of an order, nine weeks and a day
        assertThat(asked).hasValue(100);
    }

    private Collector collector(String keep) throws IOException {
        return new Collector(
                new Endless(), new FilesystemArtifactStore(dir), SampleSettings.of("perigee.api.artifacts.keep", keep));
    }

    /** As much as is asked for, every time. */
    private final class Endless implements UnusedBook {
        @Override
        public void spread(Instant before) {
            assertThat(before).isEqualTo(NOW.minus(Duration.ofDays(90)));
        }

        @Override
        public int forget(Instant before, int most) {
            asked.incrementAndGet();
            return most;
        }

        @Override
        public void delete(Deletion deletion) {}
    }
}
