package io.perigee.trainers.strict.train;

import io.perigee.trainers.strict.lora.LoraLayout.Slot;
import io.perigee.trainers.strict.lora.LoraState;
import io.perigee.trainers.strict.lora.LoraStep;
import io.perigee.trainers.strict.lora.LoraStep.Turned;
import io.perigee.trainers.strict.math.Kernels;
import io.perigee.trainers.strict.math.Matrix;
import io.perigee.trainers.strict.model.Projection;
import org.jspecify.annotations.Nullable;

/** {@code y = x W' + scaling * dropout(x) A' B'} for the rows of one sequence, and its gradients. */
final class AdaptedProjection {
    private final Kernels kernels;
    private final Projection frozen;
    private final @Nullable Adapter adapter;

    AdaptedProjection(
            Kernels kernels,
            Projection frozen,
            @Nullable Slot slot,
            int slotIndex,
            LoraStep step,
            Dropout dropout,
            int rows) {
        this.kernels = kernels;
        this.frozen = frozen;
        this.adapter = slot == null ? null : new Adapter(kernels, slot, slotIndex, step, dropout, rows);
    }

    void forward(float[] x, float[] y, Place place) {
        int rows = place.length();
        Matrix out = Matrix.of(y, rows, frozen.outputs());
        kernels.multiply(Matrix.of(x, rows, frozen.inputs()), frozen.forward(), out, false);
        if (adapter != null) {
            adapter.forward(x, out, place);
        }
    }

    /** Writes the adapter's gradients and, when {@code dx} is given, writes or adds to the input's. */
    void backward(float[] x, float[] dy, float @Nullable [] dx, boolean add, Place place, float[] gradient) {
        int rows = place.length();
        Matrix out = Matrix.of(dy, rows, frozen.outputs());
        if (dx != null) {
            kernels.multiply(out, frozen.backward(), Matrix.of(dx, rows, frozen.inputs()), add);
        }
        if (adapter != null) {
            adapter.backward(x, out, dx, place, gradient);
        }
    }

    private static final class Adapter {
        private final Kernels kernels;
        private final Slot slot;
        private final int slotIndex;
        private final LoraStep step;
        private final Dropout dropout;
        private final float[] hidden;
        private final float[] hiddenGradient;
        private final float[] upGradient;
        private final float[] dropped;
        private final float[] droppedGradient;

        Adapter(Kernels kernels, Slot slot, int slotIndex, LoraStep step, Dropout dropout, int rows) {
            this.kernels = kernels;
            this.slot = slot;
            this.slotIndex = slotIndex;
            this.step = step;
            this.dropout = dropout;
            int wide = LoraStep.padded(slot.rank());
            this.hidden = new float[rows * wide];
            this.hiddenGradient = new float[rows * wide];
            this.upGradient = new float[slot.rank() * slot.outputs()];
            this.dropped = new float[dropout.active() ? rows * slot.inputs() : 0];
            this.droppedGradient = new float[dropped.length];
        }

        void forward(float[] x, Matrix y, Place place) {
            Turned turned = step.of(slotIndex);
            int wide = turned.down().columns();
            if (dropout.active()) {
                dropout.apply(stream(place), place.firstIndex() * slot.inputs(), x, dropped, y.rows() * slot.inputs());
            }
            kernels.multiply(
                    Matrix.of(input(x), y.rows(), slot.inputs()),
                    turned.down(),
                    Matrix.of(hidden, y.rows(), wide),
                    false);
            kernels.multiply(Matrix.window(hidden, 0, y.rows(), slot.rank(), wide), turned.up(), y, true);
        }

        void backward(float[] x, Matrix dy, float @Nullable [] dx, Place place, float[] gradient) {
            Turned turned = step.of(slotIndex);
            int rows = dy.rows();
            int rank = slot.rank();
            int wide = turned.down().columns();
            Matrix lowHidden = Matrix.window(hidden, 0, rows, rank, wide);
            Matrix lowGradient = Matrix.window(hiddenGradient, 0, rows, rank, wide);
            kernels.multiply(lowHidden.transposed(), dy, Matrix.of(upGradient, rank, slot.outputs()), false);
            for (int r = 0; r < rank; r++) {
                for (int o = 0; o < slot.outputs(); o++) {
                    gradient[slot.up() + o * rank + r] = step.scaling() * upGradient[r * slot.outputs() + o];
                }
            }
            kernels.multiply(dy, turned.upRows(), Matrix.of(hiddenGradient, rows, wide), false);
            kernels.multiply(
                    lowGradient.transposed(),
                    Matrix.of(input(x), rows, slot.inputs()),
                    Matrix.window(gradient, slot.down(), rank, slot.inputs(), slot.inputs()),
                    false);
            if (dx != null && dropout.active()) {
                kernels.multiply(
                        lowGradient, turned.downRows(), Matrix.of(droppedGradient, rows, slot.inputs()), false);
                dropout.addBackward(
                        stream(place), place.firstIndex() * slot.inputs(), droppedGradient, dx, rows * slot.inputs());
            } else if (dx != null) {
                kernels.multiply(lowGradient, turned.downRows(), Matrix.of(dx, rows, slot.inputs()), true);
            }
        }

        private float[] input(float[] x) {
            return dropout.active() ? dropped : x;
        }

        private long stream(Place place) {
            return dropout.stream(place.step(), slot.layer(), LoraState.code(slot));
        }
    }
}
