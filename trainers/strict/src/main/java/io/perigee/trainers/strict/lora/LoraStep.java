package io.perigee.trainers.strict.lora;

import io.perigee.trainers.strict.lora.LoraLayout.Slot;
import io.perigee.trainers.strict.math.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * The adapters as one step uses them: scaled, and turned so that the kernels read rows. Ranks are padded with zeros to a
 * multiple of 16, which changes no value that is used.
 */
public final class LoraStep {
    private static final int PAD = 16;

    private final LoraLayout layout;
    private final float scaling;
    private final List<Turned> turned;

    /**
     * One projection's matrices.
     *
     * @param down lora_A as {@code [inputs, padded rank]}
     * @param downRows lora_A as {@code [rank, inputs]}, in the parameters themselves
     * @param up scaled lora_B as {@code [rank, outputs]}
     * @param upRows scaled lora_B as {@code [outputs, padded rank]}
     */
    public record Turned(Matrix down, Matrix downRows, Matrix up, Matrix upRows) {}

    public LoraStep(LoraLayout layout, double scaling) {
        this.layout = layout;
        this.scaling = (float) scaling;
        this.turned = new ArrayList<>();
    }

    /** A multiple of the padding that holds {@code columns}. */
    public static int padded(int columns) {
        return Math.ceilDiv(columns, PAD) * PAD;
    }

    public float scaling() {
        return scaling;
    }

    public Turned of(int slot) {
        return turned.get(slot);
    }

    /** Takes over the parameters of a step. */
    public void load(float[] parameters) {
        turned.clear();
        for (Slot slot : layout.slots()) {
            turned.add(turn(slot, parameters));
        }
    }

    private Turned turn(Slot slot, float[] parameters) {
        int rank = slot.rank();
        int wide = padded(rank);
        float[] down = new float[slot.inputs() * wide];
        float[] up = new float[rank * slot.outputs()];
        float[] upRows = new float[slot.outputs() * wide];
        for (int r = 0; r < rank; r++) {
            for (int i = 0; i < slot.inputs(); i++) {
                down[i * wide + r] = parameters[slot.down() + r * slot.inputs() + i];
            }
            for (int o = 0; o < slot.outputs(); o++) {
                float scaled = scaling * parameters[slot.up() + o * rank + r];
                up[r * slot.outputs() + o] = scaled;
                upRows[o * wide + r] = scaled;
            }
        }
        return new Turned(
                Matrix.of(down, slot.inputs(), wide),
                Matrix.window(parameters, slot.down(), rank, slot.inputs(), slot.inputs()),
                Matrix.of(up, rank, slot.outputs()),
                Matrix.of(upRows, slot.outputs(), wide));
    }
}
