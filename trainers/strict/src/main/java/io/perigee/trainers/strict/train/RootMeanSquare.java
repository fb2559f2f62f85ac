package io.perigee.trainers.strict.train;

/** Root-mean-square normalisation of rows. Sums run over rising columns in double precision. */
final class RootMeanSquare {
    private final float[] weight;
    private final float epsilon;
    private final float[] inverse;

    RootMeanSquare(float[] weight, float epsilon, int rows) {
        this.weight = weight;
        this.epsilon = epsilon;
        this.inverse = new float[rows];
    }

    void forward(float[] x, float[] y, int rows) {
        int width = weight.length;
        for (int t = 0; t < rows; t++) {
            int at = t * width;
            float scale = (float) (1 / Math.sqrt(squares(x, at, width) / width + epsilon));
            inverse[t] = scale;
            for (int i = 0; i < width; i++) {
                y[at + i] = x[at + i] * scale * weight[i];
            }
        }
    }

    /** Adds to {@code dx} what flows back from {@code dy}; {@code x} is the forward pass's input. */
    void addBackward(float[] x, float[] dy, float[] dx, int rows) {
        int width = weight.length;
        for (int t = 0; t < rows; t++) {
            int at = t * width;
            float scale = inverse[t];
            float share = (float) (products(x, dy, weight, at, width) * scale * scale / width);
            for (int i = 0; i < width; i++) {
                dx[at + i] += scale * (dy[at + i] * weight[i] - x[at + i] * share);
            }
        }
    }

    private static double squares(float[] x, int at, int width) {
        double sum = 0;
        for (int i = at; i < at + width; i++) {
            sum += (double) x[i] * x[i];
        }
        return sum;
    }

    private static double products(float[] x, float[] dy, float[] weight, int at, int width) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += (double) x[at + i] * (dy[at + i] * weight[i]);
        }
        return sum;
    }
}
