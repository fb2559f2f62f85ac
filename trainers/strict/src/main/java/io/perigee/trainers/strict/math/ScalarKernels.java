package io.perigee.trainers.strict.math;

/** The definition of every kernel, one element at a time. Used in interpreters and where no vector module is present. */
public final class ScalarKernels implements Kernels {

    @Override
    public void multiply(Matrix a, Matrix b, Matrix c, boolean accumulate) {
        columns(a, b, c, accumulate, 0, 0);
    }

    /** Rows from {@code firstRow}, columns from {@code firstColumn}: also the remainder of the vector kernels. */
    static void columns(Matrix a, Matrix b, Matrix c, boolean accumulate, int firstRow, int firstColumn) {
        int width = c.columns() - firstColumn;
        for (int i = firstRow; i < c.rows(); i++) {
            int row = c.offset() + i * c.rowStride() + firstColumn;
            if (!accumulate) {
                java.util.Arrays.fill(c.data(), row, row + width, 0f);
            }
            int left = a.offset() + i * a.rowStride();
            int right = b.offset() + firstColumn;
            for (int k = 0; k < a.columns(); k++) {
                addScaled(a.data()[left], b.data(), right, c.data(), row, width);
                left += a.columnStride();
                right += b.rowStride();
            }
        }
    }

    private static void addScaled(float factor, float[] x, int from, float[] y, int to, int length) {
        for (int j = 0; j < length; j++) {
            y[to + j] = y[to + j] + factor * x[from + j];
        }
    }

    @Override
    public void exponentials(float[] x, int offset, int length, float shift) {
        for (int i = offset; i < offset + length; i++) {
            x[i] = StrictMathFunctions.exp(x[i] - shift);
        }
    }

    @Override
    public void scale(float[] x, int offset, int length, float factor) {
        for (int i = offset; i < offset + length; i++) {
            x[i] *= factor;
        }
    }

    @Override
    public void gate(float[] gate, float[] up, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = StrictMathFunctions.gate(gate[i], up[i]);
        }
    }

    @Override
    public void gateBackward(float[] gate, float[] up, float[] gradient, int length) {
        for (int i = 0; i < length; i++) {
            float g = gate[i];
            gate[i] = StrictMathFunctions.gateGradient(g, up[i], gradient[i]);
            up[i] = StrictMathFunctions.upGradient(g, gradient[i]);
        }
    }
}
