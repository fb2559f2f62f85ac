package io.perigee.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.MethodKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutputContractTest {
    @ParameterizedTest
    @EnumSource(
            value = MethodKind.class,
            names = {"FULL"},
            mode = EnumSource.Mode.EXCLUDE)
    void shouldWantAnAdapterOfEveryMethodThatMakesOne(MethodKind kind) {
        assertThat(OutputContract.needed(new JobSpec.Method(kind, 8, 16, Decimal.ZERO, List.of("q_proj"))))
                .containsExactly("adapter_config.json", "adapter_model.safetensors");
    }

    @Test
    void shouldWantTheWholeModelWhereEveryWeightIsTrained() {
        assertThat(OutputContract.needed(JobSpec.Method.FULL)).containsExactly("config.json", "model.safetensors");
    }

    @Test
    void shouldWantNothingInParticularOfOtherContainers() {
        assertThat(OutputContract.needed(null)).isEmpty();
    }
}
