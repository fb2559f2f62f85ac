package io.perigee.trainers.strict.math;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels of {@link ScalarKernels}, several columns at a time. Lanes hold neighbouring columns, so their number
 * changes no sum: 4, 8 and 16 lanes give the same bits.
 */
final class VectorKernels implements Kernels {
    /** A constant of the class, since the compiler only makes good code for a species it knows. */
    private static final VectorSpecies<Float> SPECIES = species(System.getProperty("perigee.lanes", ""));

    private static final int LANES = SPECIES.length();
    /** Rows of b that a tile walks before it moves on, so that they stay in the cache. */
    private static final int DEPTH = 256;

    private static VectorSpecies<Float> species(String lanes) {
        return switch (lanes) {
            case "4" -> FloatVector.SPECIES_128;
            case "8" -> FloatVector.SPECIES_256;
            case "16" -> FloatVector.SPECIES_512;
            default -> FloatVector.SPECIES_PREFERRED;
        };
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix c, boolean accumulate) {
        for (int from = 0; from < a.columns() || from == 0; from += DEPTH) {
            int depth = Math.min(DEPTH, a.columns() - from);
            slab(
                    new Matrix(
                            a.data(),
                            a.offset() + from * a.columnStride(),
                            a.rows(),
                            depth,
                            a.rowStride(),
                            a.columnStride()),
                    new Matrix(b.data(), b.offset() + from * b.rowStride(), depth, b.columns(), b.rowStride(), 1),
                    c,
                    accumulate || from > 0);
        }
    }

    private static void slab(Matrix a, Matrix b, Matrix c, boolean accumulate) {
        int whole = c.rows() & ~3;
        int j = 0;
        for (; j + 2 * LANES <= c.columns(); j += 2 * LANES) {
            for (int i = 0; i < whole; i += 4) {
                fourByTwo(a, b, c, i, j, accumulate);
            }
            for (int i = whole; i < c.rows(); i++) {
                oneByOne(a, b, c, i, j, accumulate);
                oneByOne(a, b, c, i, j + LANES, accumulate);
            }
        }
        for (; j + LANES <= c.columns(); j += LANES) {
            for (int i = 0; i < whole; i += 4) {
                fourByOne(a, b, c, i, j, accumulate);
            }
            for (int i = whole; i < c.rows(); i++) {
                oneByOne(a, b, c, i, j, accumulate);
            }
        }
        if (j < c.columns()) {
            ScalarKernels.columns(a, b, c, accumulate, 0, j);
        }
    }

    private static FloatVector start(boolean accumulate, float[] c, int at) {
        return accumulate ? FloatVector.fromArray(SPECIES, c, at) : FloatVector.zero(SPECIES);
    }

    private static void fourByTwo(Matrix a, Matrix b, Matrix c, int i, int j, boolean accumulate) {
        float[] left = a.data();
        float[] right = b.data();
        float[] out = c.data();
        int c0 = c.offset() + i * c.rowStride() + j;
        int c1 = c0 + c.rowStride();
        int c2 = c1 + c.rowStride();
        int c3 = c2 + c.rowStride();
        FloatVector p0 = start(accumulate, out, c0);
        FloatVector q0 = start(accumulate, out, c0 + LANES);
        FloatVector p1 = start(accumulate, out, c1);
        FloatVector q1 = start(accumulate, out, c1 + LANES);
        FloatVector p2 = start(accumulate, out, c2);
        FloatVector q2 = start(accumulate, out, c2 + LANES);
        FloatVector p3 = start(accumulate, out, c3);
        FloatVector q3 = start(accumulate, out, c3 + LANES);
        int a0 = a.offset() + i * a.rowStride();
        int row = a.rowStride();
        int at = b.offset() + j;
        int depth = a.columns();
        int columnStride = a.columnStride();
        int rowStride = b.rowStride();
        for (int k = 0; k < depth; k++) {
            FloatVector x = FloatVector.fromArray(SPECIES, right, at);
            FloatVector y = FloatVector.fromArray(SPECIES, right, at + LANES);
            float f0 = left[a0];
            float f1 = left[a0 + row];
            float f2 = left[a0 + 2 * row];
            float f3 = left[a0 + 3 * row];
            p0 = p0.add(x.mul(f0));
            q0 = q0.add(y.mul(f0));
            p1 = p1.add(x.mul(f1));
            q1 = q1.add(y.mul(f1));
            p2 = p2.add(x.mul(f2));
            q2 = q2.add(y.mul(f2));
            p3 = p3.add(x.mul(f3));
            q3 = q3.add(y.mul(f3));
            a0 += columnStride;
            at += rowStride;
        }
        p0.intoArray(out, c0);
        q0.intoArray(out, c0 + LANES);
        p1.intoArray(out, c1);
        q1.intoArray(out, c1 + LANES);
        p2.intoArray(out, c2);
        q2.intoArray(out, c2 + LANES);
        p3.intoArray(out, c3);
        q3.intoArray(out, c3 + LANES);
    }

    private static void fourByOne(Matrix a, Matrix b, Matrix c, int i, int j, boolean accumulate) {
        float[] left = a.data();
        float[] right = b.data();
        float[] out = c.data();
        int c0 = c.offset() + i * c.rowStride() + j;
        int c1 = c0 + c.rowStride();
        int c2 = c1 + c.rowStride();
        int c3 = c2 + c.rowStride();
        FloatVector p0 = start(accumulate, out, c0);
        FloatVector p1 = start(accumulate, out, c1);
        FloatVector p2 = start(accumulate, out, c2);
        FloatVector p3 = start(accumulate, out, c3);
        int a0 = a.offset() + i * a.rowStride();
        int row = a.rowStride();
        int at = b.offset() + j;
        int depth = a.columns();
        int columnStride = a.columnStride();
        int rowStride = b.rowStride();
        for (int k = 0; k < depth; k++) {
            FloatVector x = FloatVector.fromArray(SPECIES, right, at);
            p0 = p0.add(x.mul(left[a0]));
            p1 = p1.add(x.mul(left[a0 + row]));
            p2 = p2.add(x.mul(left[a0 + 2 * row]));
            p3 = p3.add(x.mul(left[a0 + 3 * row]));
            a0 += columnStride;
            at += rowStride;
        }
        p0.intoArray(out, c0);
        p1.intoArray(out, c1);
        p2.intoArray(out, c2);
        p3.intoArray(out, c3);
    }

    private static void oneByOne(Matrix a, Matrix b, Matrix c, int i, int j, boolean accumulate) {
        float[] left = a.data();
        float[] right = b.data();
        int c0 = c.offset() + i * c.rowStride() + j;
        FloatVector sum = start(accumulate, c.data(), c0);
        int a0 = a.offset() + i * a.rowStride();
        int at = b.offset() + j;
        int depth = a.columns();
        int columnStride = a.columnStride();
        int rowStride = b.rowStride();
        for (int k = 0; k < depth; k++) {
            sum = sum.add(FloatVector.fromArray(SPECIES, right, at).mul(left[a0]));
            a0 += columnStride;
            at += rowStride;
        }
        sum.intoArray(c.data(), c0);
    }

    private static FloatVector exp(FloatVector x) {
        FloatVector held = x.min(StrictMathFunctions.HIGHEST).max(StrictMathFunctions.LOWEST);
        FloatVector shifted = held.mul(StrictMathFunctions.LOG2_E).add(StrictMathFunctions.ROUNDER);
        FloatVector n = shifted.sub(StrictMathFunctions.ROUNDER);
        FloatVector r = held.sub(n.mul(StrictMathFunctions.LN2_HIGH)).sub(n.mul(StrictMathFunctions.LN2_LOW));
        FloatVector p = r.mul(StrictMathFunctions.C5).add(StrictMathFunctions.C4);
        p = p.mul(r).add(StrictMathFunctions.C3);
        p = p.mul(r).add(StrictMathFunctions.C2);
        p = p.mul(r).add(StrictMathFunctions.C1);
        p = p.mul(r).add(StrictMathFunctions.C0);
        FloatVector y = p.mul(r.mul(r)).add(r).add(1f);
        IntVector power = (IntVector) shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return y.reinterpretAsInts().add(power).reinterpretAsFloats();
    }

    @Override
    public void exponentials(float[] x, int offset, int length, float shift) {
        int i = offset;
        for (; i + LANES <= offset + length; i += LANES) {
            exp(FloatVector.fromArray(SPECIES, x, i).sub(shift)).intoArray(x, i);
        }
        for (; i < offset + length; i++) {
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
        int i = 0;
        for (; i + LANES <= length; i += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, gate, i);
            g.div(exp(g.neg()).add(1f))
                    .mul(FloatVector.fromArray(SPECIES, up, i))
                    .intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = StrictMathFunctions.gate(gate[i], up[i]);
        }
    }

    @Override
    public void gateBackward(float[] gate, float[] up, float[] gradient, int length) {
        int i = 0;
        for (; i + LANES <= length; i += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, gate, i);
            FloatVector d = FloatVector.fromArray(SPECIES, gradient, i);
            FloatVector whole = exp(g.neg()).add(1f);
            FloatVector sigmoid = FloatVector.broadcast(SPECIES, 1f).div(whole);
            FloatVector slope = sigmoid.mul(g.mul(sigmoid.neg().add(1f)).add(1f));
            d.mul(FloatVector.fromArray(SPECIES, up, i)).mul(slope).intoArray(gate, i);
            d.mul(g.div(whole)).intoArray(up, i);
        }
        for (; i < length; i++) {
            float g = gate[i];
            gate[i] = StrictMathFunctions.gateGradient(g, up[i], gradient[i]);
            up[i] = StrictMathFunctions.upGradient(g, gradient[i]);
        }
    }
}
