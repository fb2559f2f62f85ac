package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.job.Target;
import io.perigee.trainers.strict.math.Kernels;
import io.perigee.trainers.strict.model.LlamaConfig;
import io.perigee.trainers.strict.model.LlamaModel.Layer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One decoder layer with its adapters, for one sequence at a time; keeps what the way back needs. */
final class Block {
    private final Kernels kernels;
    private final LlamaConfig config;
    private final Rotary rotary;
    private final RootMeanSquare attentionNorm;
    private final RootMeanSquare innerNorm;
    private final Attention attention;
    private final AdaptedProjection query;
    private final AdaptedProjection key;
    private final AdaptedProjection value;
    private final AdaptedProjection output;
    private final AdaptedProjection gate;
    private final AdaptedProjection up;
    private final AdaptedProjection down;
    private final boolean lowest;
    private final Scratch scratch;

    private final float[] input;
    private final float[] normed;
    private final float[] q;
    private final float[] k;
    private final float[] v;
    private final float[] mixed;
    private final float[] middle;
    private final float[] middleNormed;
    private final float[] gates;
    private final float[] ups;
    private final float[] inner;

    /** Gradients that only live within one layer's way back. */
    static final class Scratch {
        private final Attention.Scratch attention;
        private final float[] width;
        private final float[] query;
        private final float[] key;
        private final float[] value;
        private final float[] mixed;
        private final float[] inner;

        Scratch(LlamaConfig config, int rows) {
            this.attention = new Attention.Scratch(config, rows);
            this.width = new float[rows * config.width()];
            this.query = new float[rows * config.queryWidth()];
            this.key = new float[rows * config.keyWidth()];
            this.value = new float[rows * config.keyWidth()];
            this.mixed = new float[rows * config.queryWidth()];
            this.inner = new float[rows * config.inner()];
        }
    }

    /** {@code lowest}: nothing below wants a gradient. */
    Block(
            Kernels kernels,
            LlamaConfig config,
            Layer layer,
            Rotary rotary,
            Function<Target, AdaptedProjection> projections,
            boolean lowest,
            int rows,
            Scratch scratch) {
        this.kernels = kernels;
        this.config = config;
        this.rotary = rotary;
        this.attentionNorm = new RootMeanSquare(layer.attentionNorm(), config.normEpsilon(), rows);
        this.innerNorm = new RootMeanSquare(layer.innerNorm(), config.normEpsilon(), rows);
        this.attention = new Attention(kernels, config, rows, scratch.attention);
        this.query = projections.apply(Target.Q);
        this.key = projections.apply(Target.K);
        this.value = projections.apply(Target.V);
        this.output = projections.apply(Target.O);
        this.gate = projections.apply(Target.GATE);
        this.up = projections.apply(Target.UP);
        this.down = projections.apply(Target.DOWN);
        this.lowest = lowest;
        this.scratch = scratch;
        this.input = new float[rows * config.width()];
        this.normed = new float[rows * config.width()];
        this.q = new float[rows * config.queryWidth()];
        this.k = new float[rows * config.keyWidth()];
        this.v = new float[rows * config.keyWidth()];
        this.mixed = new float[rows * config.queryWidth()];
        this.middle = new float[rows * config.width()];
        this.middleNormed = new float[rows * config.width()];
        this.gates = new float[rows * config.inner()];
        this.ups = new float[rows * config.inner()];
        this.inner = new float[rows * config.inner()];
    }

    /** Overwrites {@code x} with the layer's output. */
    void forward(float[] x, Place place) {
        int rows = place.length();
        int size = rows * config.width();
        System.arraycopy(x, 0, input, 0, size);
        attentionNorm.forward(input, normed, rows);
        query.forward(normed, q, place);
        key.forward(normed, k, place);
        value.forward(normed, v, place);
        rotary.turn(q, rows, config.heads(), 1);
        rotary.turn(k, rows, config.keyHeads(), 1);
        attention.forward(q, k, v, mixed, rows);
        output.forward(mixed, middle, place);
        add(input, middle, size);
        innerNorm.forward(middle, middleNormed, rows);
        gate.forward(middleNormed, gates, place);
        up.forward(middleNormed, ups, place);
        kernels.gate(gates, ups, inner, rows * config.inner());
        down.forward(inner, x, place);
        add(middle, x, size);
    }

    /** Overwrites {@code dx}, the gradient of the output, with that of the input. */
    void backward(float[] dx, Place place, float[] gradient) {
        int rows = place.length();
        down.backward(inner, dx, scratch.inner, false, place, gradient);
        kernels.gateBackward(gates, ups, scratch.inner, rows * config.inner());
        gate.backward(middleNormed, gates, scratch.width, false, place, gradient);
        up.backward(middleNormed, ups, scratch.width, true, place, gradient);
        innerNorm.addBackward(middle, scratch.width, dx, rows);
        output.backward(mixed, dx, scratch.mixed, false, place, gradient);
        attention.backward(q, k, v, scratch.mixed, scratch.query, scratch.key, scratch.value, rows);
        rotary.turn(scratch.query, rows, config.heads(), -1);
        rotary.turn(scratch.key, rows, config.keyHeads(), -1);
        float @Nullable [] below = lowest ? null : scratch.width;
        query.backward(normed, scratch.query, below, false, place, gradient);
        key.backward(normed, scratch.key, below, true, place, gradient);
        value.backward(normed, scratch.value, below, true, place, gradient);
        if (!lowest) {
            attentionNorm.addBackward(input, scratch.width, dx, rows);
        }
    }

    private static void add(float[] from, float[] to, int length) {
        for (int i = 0; i < length; i++) {
            to[i] = from[i] + to[i];
        }
    }
}
