package io.perigee.devstack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.devstack.Console;
import io.perigee.devstack.engine.EngineFinder.Install;
import io.perigee.testkit.process.Directories;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineFinderIT {
    private final Path state = Directories.temporary("perigee-engine-");
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @AfterEach
    void tidy() {
        Directories.delete(state);
    }

    @Test
    void shouldLeaseAnEngineThatAnswersAndLeaveNothingBehind() {
        // given
        var finder = new EngineFinder(new Console(new PrintStream(said)), Install.WHEN_ROOT, state);

        // when
        var lease = finder.find();

        // then
        try (lease) {
            assertThat(lease.engine().name()).matches("(Docker|Podman) .+");
            assertThat(lease.engine().containers("io.perigee.none")).isEmpty();
            lease.daemon().ifPresent(daemon -> {
                assertThat(said.toString()).contains("starting a private Docker daemon");
                assertThat(lease.engine().socket().toString().length()).isLessThan(60);
            });
        }
        lease.daemon().ifPresent(daemon -> {
            assertThat(daemon.child().alive()).isFalse();
            assertThat(Files.exists(lease.engine().socket())).isFalse();
        });
    }
}
