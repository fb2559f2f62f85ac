package io.perigee.trainers.strict.tensor;

import java.util.List;

/** A float32 tensor in row-major order. The array is shared, not copied. */
public record Tensor(List<Integer> shape, float[] values) {
    public Tensor {
        shape = List.copyOf(shape);
        long size = 1;
        for (int dimension : shape) {
            size *= dimension;
        }
        if (size != values.length) {
            throw new IllegalArgumentException("shape " + shape + " does not have " + values.length + " values");
        }
    }
}
