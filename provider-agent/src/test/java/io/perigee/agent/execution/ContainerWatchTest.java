package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.agent.sandbox.ContainerState;
import io.perigee.agent.sandbox.EngineException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ContainerWatchTest {
    /** It is away for a second, works for longer than it is waited for, and is away again. */
    @Test
    void shouldForgetASilenceOnceTheEngineAnswersAgain() throws Exception {
        // given
        var calls = new AtomicInteger();
        var runtime = new FakeRuntime() {
            @Override
            public boolean awaitExit(String container, Duration timeout) {
                switch (calls.incrementAndGet()) {
                    case 1 -> throw new EngineException("away");
                    case 2 -> {
                        try {
                            Thread.sleep(Duration.ofSeconds(4));
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        throw new EngineException("away again");
                    }
                    default -> {
                        return true;
                    }
                }
            }
        };
        runtime.state = new ContainerState.Running();
        var said = new CompletableFuture<Signal>();

        // when
        new ContainerWatch(runtime, Duration.ofSeconds(3)).start("c", said::complete);

        // then
        assertThat(said.get(30, TimeUnit.SECONDS)).isEqualTo(new Signal.ContainerEnded());
    }

    @Test
    void shouldSayWhenTheEngineStaysAway() throws Exception {
        // given
        var runtime = new FakeRuntime() {
            @Override
            public boolean awaitExit(String container, Duration timeout) {
                throw new EngineException("away");
            }
        };
        runtime.failures.set(Integer.MAX_VALUE);
        var said = new CompletableFuture<Signal>();

        // when
        new ContainerWatch(runtime, Duration.ofSeconds(1)).start("c", said::complete);

        // then
        assertThat(said.get(30, TimeUnit.SECONDS)).isInstanceOf(Signal.EngineLost.class);
    }
}
