package io.perigee.devstack.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two that start a stack in one place at once, only one gets it. */
class TwoUpsTest {
    @TempDir
    private Path root;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void shouldNoteNoKeeperThatDidNotGetThePlace() throws Exception {
        // given: another has the place, and no note yet
        var checkout = new Checkout(root);
        Files.createDirectories(checkout.state());
        try (var place = FileChannel.open(
                        checkout.state().resolve("stack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = place.lock()) {

            // when
            var started = new Up(checkout, console()).start(List.of("--no-install"));

            // then
            assertThat(started).isEmpty();
            assertThat(said.toString(StandardCharsets.UTF_8)).contains("one is running there");
            assertThat(checkout.state().resolve("keeper.json")).doesNotExist();
        }
    }

    private Console console() {
        return new Console(new PrintStream(said, true, StandardCharsets.UTF_8));
    }
}
