package io.perigee.trainers.strict.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.job.JobReader;
import io.perigee.trainers.strict.job.Workplace;
import io.perigee.trainers.strict.lora.LoraLayout;
import io.perigee.trainers.strict.lora.LoraState;
import io.perigee.trainers.strict.math.KernelChoice;
import io.perigee.trainers.strict.support.JobDirectory;
import io.perigee.trainers.strict.support.TinyBase;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientTest {
    private static final float STEP = 5e-3f;

    @TempDir
    Path root;

    /** Walks along the gradient of one tensor at a time; the loss must change as the gradient's length says. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "0.3"})
    void shouldAgreeWithFiniteDifferencesAtDropout(String dropout) throws Exception {
        // given
        JobDirectory job = JobDirectory.tiny(root)
                .method("dropout", dropout)
                .method("alpha", 3)
                .writeSpec();
        Inputs inputs =
                Inputs.read(new Workplace(root), JobReader.read(job.root().resolve("job.json")), 1);
        LoraLayout layout = LoraLayout.of(inputs.model().config(), inputs.job().method());
        float[] parameters = TinyBase.uniform("parameters", layout.size(), 0.2f, 0);
        LoraState state = new LoraState(parameters, new float[layout.size()], new float[layout.size()], 0);
        try (Trainer trainer =
                new Trainer(inputs.job(), inputs.model(), inputs.data().examples(), state, KernelChoice.best(), 1)) {
            trainer.probe();
            float[] gradient = trainer.gradient().clone();
            for (Map.Entry<String, Integer> tensor : layout.offsets().entrySet()) {
                int from = tensor.getValue();
                int size = java.util.Objects.requireNonNull(
                                layout.tensors("", gradient).get(tensor.getKey()))
                        .values()
                        .length;
                double length = 0;
                for (int i = from; i < from + size; i++) {
                    length += (double) gradient[i] * gradient[i];
                }
                length = Math.sqrt(length);

                // when
                double ahead = lossAt(trainer, parameters, gradient, from, size, STEP / length);
                double behind = lossAt(trainer, parameters, gradient, from, size, -STEP / length);

                // then
                assertThat((ahead - behind) / (2 * STEP))
                        .as(tensor.getKey())
                        .isCloseTo(length, org.assertj.core.data.Offset.offset(0.01 * length + 3e-4));
                assertThat(length).as(tensor.getKey()).isGreaterThan(0.02);
            }
        }
    }

    private static double lossAt(
            Trainer trainer, float[] parameters, float[] gradient, int from, int size, double distance) {
        float[] kept = parameters.clone();
        for (int i = from; i < from + size; i++) {
            parameters[i] += (float) (distance * gradient[i]);
        }
        double loss = trainer.probe();
        System.arraycopy(kept, 0, parameters, 0, kept.length);
        return loss;
    }
}
