package io.perigee.agent.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perigee.agent.sandbox.ContainerRuntime;
import io.perigee.agent.sandbox.ContainerRuntimeContract;
import io.perigee.agent.sandbox.EngineException;
import io.perigee.agent.sandbox.ImageStore;
import io.perigee.agent.testing.PrivateEngine;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DockerEngineIT extends ContainerRuntimeContract {
    private final DockerEngine engine = PrivateEngine.get().connect();

    @Override
    protected ContainerRuntime runtime() {
        return engine;
    }

    @Override
    protected ImageStore images() {
        return engine;
    }

    @Test
    void shouldSayWhereItLookedWhenNoEngineAnswers() {
        // given
        var nowhere = new DockerEngine(URI.create("unix:///nowhere/docker.sock"), Duration.ofSeconds(1));

        // when
        var asked = assertThatThrownBy(nowhere::describe);

        // then
        asked.isInstanceOf(EngineException.class).hasMessageContaining("unix:///nowhere/docker.sock");
    }
}
