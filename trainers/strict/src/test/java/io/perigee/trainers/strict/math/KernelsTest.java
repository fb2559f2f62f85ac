package io.perigee.trainers.strict.math;

import static org.assertj.core.api.Assertions.assertThat;

import io.perigee.trainers.strict.support.TinyBase;
import org.junit.jupiter.api.Test;

class KernelsTest {
    private final Kernels scalar = new ScalarKernels();
    private final Kernels vector = new VectorKernels();

    @Test
    void shouldMultiplyWithTheSameBitsWhateverTheShape() {
        for (int rows : new int[] {1, 3, 4, 9}) {
            for (int columns : new int[] {1, 15, 16, 33, 70}) {
                for (int depth : new int[] {0, 1, 8, 255, 256, 600}) {
                    for (boolean turned : new boolean[] {false, true}) {
                        // given
                        float[] left = TinyBase.uniform("left" + rows + depth, rows * depth, 1, 0);
                        float[] right = TinyBase.uniform("right" + columns, depth * columns, 1, 0);
                        Matrix a = turned ? Matrix.of(left, depth, rows).transposed() : Matrix.of(left, rows, depth);
                        float[] one = TinyBase.uniform("c", rows * columns, 1, 0);
                        float[] other = one.clone();

                        // when
                        scalar.multiply(a, Matrix.of(right, depth, columns), Matrix.of(one, rows, columns), turned);
                        vector.multiply(a, Matrix.of(right, depth, columns), Matrix.of(other, rows, columns), turned);

                        // then
                        assertThat(other).containsExactly(one);
                    }
                }
            }
        }
    }

    @Test
    void shouldApplyFunctionsWithTheSameBits() {
        // given
        int n = 1003;
        float[] gates = TinyBase.uniform("gates", n, 30, 0);
        float[] ups = TinyBase.uniform("ups", n, 2, 0);
        float[] gradient = TinyBase.uniform("gradient", n, 1, 0);
        float[][] one = {gates.clone(), ups.clone(), new float[n], gates.clone()};
        float[][] other = {gates.clone(), ups.clone(), new float[n], gates.clone()};

        // when
        for (var side : java.util.List.of(java.util.Map.entry(scalar, one), java.util.Map.entry(vector, other))) {
            float[][] x = side.getValue();
            side.getKey().gate(x[0], x[1], x[2], n);
            side.getKey().gateBackward(x[0], x[1], gradient, n);
            side.getKey().exponentials(x[3], 1, n - 2, 0.7f);
            side.getKey().scale(x[3], 0, n, 1.3f);
        }

        // then
        for (int i = 0; i < one.length; i++) {
            assertThat(other[i]).containsExactly(one[i]);
        }
    }

    @Test
    void shouldComputeExponentialsWithinTwoUnitsInTheLastPlace() {
        for (int i = 0; i <= 200_000; i++) {
            // given
            float x = -87f + 175f * i / 200_000;

            // when
            float value = StrictMathFunctions.exp(x);

            // then
            double exact = StrictMath.exp(x);
            if (Math.abs(value - exact) > 2 * Math.ulp((float) exact)) {
                assertThat((double) value).as("exp(%s)", x).isEqualTo(exact);
            }
        }
    }

    @Test
    void shouldHoldExponentialsWithinTheFiniteNumbers() {
        // given
        float[] extremes = {Float.NEGATIVE_INFINITY, -1e30f, 1e30f, Float.POSITIVE_INFINITY};

        // when
        vector.exponentials(extremes, 0, 4, 0);

        // then
        for (float value : extremes) {
            assertThat(value).isFinite().isPositive();
        }
    }
}
