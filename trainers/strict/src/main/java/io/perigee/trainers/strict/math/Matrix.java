package io.perigee.trainers.strict.math;

/** A view of an array as a matrix: element (i, j) is {@code data[offset + i * rowStride + j * columnStride]}. */
public record Matrix(float[] data, int offset, int rows, int columns, int rowStride, int columnStride) {

    /** The first {@code rows} rows of a dense row-major array. */
    public static Matrix of(float[] data, int rows, int columns) {
        return new Matrix(data, 0, rows, columns, columns, 1);
    }

    /** A window of a row-major array. */
    public static Matrix window(float[] data, int offset, int rows, int columns, int rowStride) {
        return new Matrix(data, offset, rows, columns, rowStride, 1);
    }

    public Matrix transposed() {
        return new Matrix(data, offset, columns, rows, columnStride, rowStride);
    }
}
