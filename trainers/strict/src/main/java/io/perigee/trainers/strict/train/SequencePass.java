package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.data.Example;
import io.perigee.trainers.strict.job.Target;
import io.perigee.trainers.strict.lora.LoraLayout;
import io.perigee.trainers.strict.lora.LoraLayout.Slot;
import io.perigee.trainers.strict.lora.LoraStep;
import io.perigee.trainers.strict.math.Kernels;
import io.perigee.trainers.strict.math.Matrix;
import io.perigee.trainers.strict.model.LlamaConfig;
import io.perigee.trainers.strict.model.LlamaModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loss and adapter gradients of one row. Rows are computed apart and their gradients summed in order afterwards, so that
 * the number of threads shows in no bit. One instance belongs to one thread at a time.
 */
final class SequencePass {
    private final Kernels kernels;
    private final LlamaModel model;
    private final LlamaConfig config;
    private final List<Block> blocks = new ArrayList<>();
    private final RootMeanSquare lastNorm;
    private final float[] x;
    private final float[] normed;
    private final float[] gathered;
    private final float[] logits;

    SequencePass(
            Kernels kernels,
            LlamaModel model,
            LoraLayout layout,
            LoraStep step,
            Dropout dropout,
            Rotary rotary,
            int rows) {
        this.kernels = kernels;
        this.model = model;
        this.config = model.config();
        Block.Scratch scratch = new Block.Scratch(config, rows);
        for (int i = 0; i < config.layers(); i++) {
            int layer = i;
            blocks.add(new Block(
                    kernels,
                    config,
                    model.layers().get(i),
                    rotary,
                    t -> projection(layout, layer, t, step, dropout, rows),
                    i == 0,
                    rows,
                    scratch));
        }
        this.lastNorm = new RootMeanSquare(model.lastNorm(), config.normEpsilon(), rows);
        this.x = new float[rows * config.width()];
        this.normed = new float[rows * config.width()];
        this.gathered = new float[rows * config.width()];
        this.logits = new float[Math.multiplyExact(rows, config.vocabulary())];
    }

    private AdaptedProjection projection(
            LoraLayout layout, int layer, Target target, LoraStep step, Dropout dropout, int rows) {
        @Nullable Slot slot = null;
        int index = -1;
        for (int i = 0; i < layout.slots().size(); i++) {
            Slot candidate = layout.slots().get(i);
            if (candidate.layer() == layer && candidate.target() == target) {
                slot = candidate;
                index = i;
            }
        }
        return new AdaptedProjection(
                kernels, model.layers().get(layer).projection(target), slot, index, step, dropout, rows);
    }

    /**
     * Overwrites {@code gradient} with the row's share of the gradient of the step's mean loss, and returns the row's
     * summed loss.
     *
     * @param learnedInStep learned tokens of all rows of the step
     */
    double run(Example example, Place place, long learnedInStep, float[] gradient) {
        int[] positions = example.positions();
        forward(example, place, positions);
        double loss = 0;
        float share = (float) (1.0 / learnedInStep);
        int vocabulary = config.vocabulary();
        for (int p = 0; p < positions.length; p++) {
            int at = p * vocabulary;
            int label = at + example.tokens()[positions[p] + 1];
            float labelLogit = logits[label];
            loss += Softmax.apply(kernels, logits, at, vocabulary) - labelLogit;
            logits[label] -= 1f;
            kernels.scale(logits, at, vocabulary, share);
        }
        backward(place, positions, gradient);
        return loss;
    }

    /** The logits after each learned position, row by row. */
    float[] logits(Example example, Place place) {
        int[] positions = example.positions();
        forward(example, place, positions);
        return java.util.Arrays.copyOf(logits, positions.length * config.vocabulary());
    }

    private void forward(Example example, Place place, int[] positions) {
        int width = config.width();
        for (int t = 0; t < place.length(); t++) {
            System.arraycopy(model.embeddings(), example.tokens()[t] * width, x, t * width, width);
        }
        for (Block block : blocks) {
            block.forward(x, place);
        }
        lastNorm.forward(x, normed, place.length());
        for (int p = 0; p < positions.length; p++) {
            System.arraycopy(normed, positions[p] * width, gathered, p * width, width);
        }
        kernels.multiply(
                Matrix.of(gathered, positions.length, width),
                model.head().forward(),
                Matrix.of(logits, positions.length, config.vocabulary()),
                false);
    }

    private void backward(Place place, int[] positions, float[] gradient) {
        int width = config.width();
        kernels.multiply(
                Matrix.of(logits, positions.length, config.vocabulary()),
                model.head().backward(),
                Matrix.of(gathered, positions.length, width),
                false);
        java.util.Arrays.fill(normed, 0, place.length() * width, 0f);
        for (int p = 0; p < positions.length; p++) {
            System.arraycopy(gathered, p * width, normed, positions[p] * width, width);
        }
        float[] output = x;
        float[] dx = gathered;
        java.util.Arrays.fill(dx, 0, place.length() * width, 0f);
        lastNorm.addBackward(output, normed, dx, place.length());
        for (int i = blocks.size() - 1; i >= 0; i--) {
            blocks.get(i).backward(dx, place, gradient);
        }
    }
}
