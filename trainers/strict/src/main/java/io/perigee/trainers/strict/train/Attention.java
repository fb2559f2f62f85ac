package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.lora.LoraStep;
import io.perigee.trainers.strict.math.Kernels;
import io.perigee.trainers.strict.math.Matrix;
import io.perigee.trainers.strict.model.LlamaConfig;

/** Causal attention of one sequence; heads may share keys and values. Keeps its probabilities for the way back. */
final class Attention {
    private final Kernels kernels;
    private final LlamaConfig config;
    private final float scale;
    private final int pitch;
    private final float[] probabilities;
    private final Scratch scratch;

    /** Buffers that layers of one worker share, as only one layer is computed at a time. */
    static final class Scratch {
        private final float[] turned;
        private final float[] scores;

        Scratch(LlamaConfig config, int rows) {
            int pitch = LoraStep.padded(rows);
            this.turned = new float[config.headWidth() * pitch];
            this.scores = new float[rows * pitch];
        }
    }

    Attention(Kernels kernels, LlamaConfig config, int rows, Scratch scratch) {
        this.kernels = kernels;
        this.config = config;
        this.scale = (float) (1 / Math.sqrt(config.headWidth()));
        this.pitch = LoraStep.padded(rows);
        this.probabilities = new float[config.heads() * rows * pitch];
        this.scratch = scratch;
    }

    void forward(float[] q, float[] k, float[] v, float[] out, int rows) {
        int columns = LoraStep.padded(rows);
        for (int head = 0; head < config.heads(); head++) {
            int base = head * rows * pitch;
            turn(k, keyHead(head), rows, columns);
            Matrix scores = Matrix.window(probabilities, base, rows, columns, pitch);
            kernels.multiply(
                    queryView(q, head, rows), Matrix.of(scratch.turned, config.headWidth(), columns), scores, false);
            for (int t = 0; t < rows; t++) {
                int row = base + t * pitch;
                kernels.scale(probabilities, row, t + 1, scale);
                Softmax.apply(kernels, probabilities, row, t + 1);
                java.util.Arrays.fill(probabilities, row + t + 1, row + columns, 0f);
            }
            Matrix weights = Matrix.window(probabilities, base, rows, rows, pitch);
            kernels.multiply(weights, keyView(v, keyHead(head), rows), queryView(out, head, rows), false);
        }
    }

    /** From the gradient of the output to those of queries, keys and values. */
    void backward(float[] q, float[] k, float[] v, float[] dOut, float[] dq, float[] dk, float[] dv, int rows) {
        int columns = LoraStep.padded(rows);
        int sharing = config.heads() / config.keyHeads();
        for (int head = 0; head < config.heads(); head++) {
            int base = head * rows * pitch;
            int keyHead = keyHead(head);
            boolean add = head % sharing != 0;
            Matrix weights = Matrix.window(probabilities, base, rows, rows, pitch);
            Matrix gradient = queryView(dOut, head, rows);
            kernels.multiply(weights.transposed(), gradient, keyView(dv, keyHead, rows), add);
            turn(v, keyHead, rows, columns);
            Matrix dScores = Matrix.window(scratch.scores, 0, rows, columns, pitch);
            kernels.multiply(gradient, Matrix.of(scratch.turned, config.headWidth(), columns), dScores, false);
            for (int t = 0; t < rows; t++) {
                softmaxBackward(base + t * pitch, t * pitch, t + 1, columns);
            }
            Matrix square = Matrix.window(scratch.scores, 0, rows, rows, pitch);
            kernels.multiply(square, keyView(k, keyHead, rows), queryView(dq, head, rows), false);
            kernels.multiply(square.transposed(), queryView(q, head, rows), keyView(dk, keyHead, rows), add);
        }
    }

    private void softmaxBackward(int weight, int gradient, int length, int columns) {
        float[] scores = scratch.scores;
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (double) probabilities[weight + i] * scores[gradient + i];
        }
        float mean = (float) sum;
        for (int i = 0; i < length; i++) {
            scores[gradient + i] = probabilities[weight + i] * (scores[gradient + i] - mean) * scale;
        }
        java.util.Arrays.fill(scores, gradient + length, gradient + columns, 0f);
    }

    private int keyHead(int head) {
        return head / (config.heads() / config.keyHeads());
    }

    private Matrix queryView(float[] x, int head, int rows) {
        return Matrix.window(x, head * config.headWidth(), rows, config.headWidth(), config.queryWidth());
    }

    private Matrix keyView(float[] x, int keyHead, int rows) {
        return Matrix.window(x, keyHead * config.headWidth(), rows, config.headWidth(), config.keyWidth());
    }

    /** One key head as {@code [head width, positions]}, padded with zeros. */
    private void turn(float[] x, int keyHead, int rows, int columns) {
        int width = config.headWidth();
        for (int i = 0; i < width; i++) {
            int from = keyHead * width + i;
            for (int t = 0; t < rows; t++) {
                scratch.turned[i * columns + t] = x[t * config.keyWidth() + from];
            }
            java.util.Arrays.fill(scratch.turned, i * columns + rows, (i + 1) * columns, 0f);
        }
    }
}
