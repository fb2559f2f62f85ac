package io.perigee.devstack.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.devstack.Console;
import io.perigee.devstack.Expected;
import io.perigee.testkit.process.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path logs;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Console console = new Console(new PrintStream(said, true, StandardCharsets.UTF_8));
    private final CountDownLatch never = new CountDownLatch(1);
    private Startup startup = new Startup(console, LONG);

    @AfterEach
    void stop() {
        startup.close();
    }

    @Test
    void shouldFailAtOnceWhenAProcessEndsAndNameTheOthers() {
        // given
        var slow = startup.begin("slow", this::waitForEver);
        var broken = service("echo because of this; exit 3");
        startup.begin("api", () -> {
            broken.start(Map.of());
            broken.awaitReady();
            return broken;
        });

        // when
        var failure = assertThatThrownBy(() -> startup.await(slow));

        // then
        failure.isInstanceOf(Expected.class)
                .hasMessageContaining("api")
                .hasMessageContaining("status 3")
                .hasMessageContaining("because of this")
                .hasMessageContaining(logs.resolve("api.log").toString())
                .hasMessageContaining("not ready: api, slow")
                .extracting(fault -> ((Expected) fault).hint())
                .asString()
                .contains("PERIGEE_PATIENCE");
    }

    @Test
    void shouldSayThatALogIsEmpty() {
        // given
        var broken = service("exit 4");
        var api = startup.begin("api", () -> {
            broken.start(Map.of());
            broken.awaitReady();
            return broken;
        });

        // when
        var failure = assertThatThrownBy(() -> startup.await(api));

        // then
        failure.isInstanceOf(Expected.class).hasMessageContaining("is empty");
    }

    @Test
    void shouldSayWhatALongStartWaitsFor() {
        // given
        startup.close();
        startup = new Startup(console, Duration.ofMillis(50));

        // when
        startup.begin("scheduler", this::waitForEver);

        // then
        Await.until(LONG, () -> text().contains("still waiting for scheduler"), this::text);
        assertThat(text()).contains("load").contains("processors");
    }

    @Test
    void shouldStopStartingWhenTold() {
        // given
        var slow = startup.begin("slow", this::waitForEver);

        // when
        startup.close();

        // then
        assertThatThrownBy(() -> startup.await(slow))
                .isInstanceOf(Expected.class)
                .hasMessageContaining("told to stop");
    }

    private Service service(String script) {
        return new Service("api", List.of("sh", "-c", script), logs.resolve("api.log"), _ -> false);
    }

    private String waitForEver() {
        try {
            never.await();
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
