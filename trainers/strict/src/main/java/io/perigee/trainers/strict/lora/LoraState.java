package io.perigee.trainers.strict.lora;

import io.perigee.trainers.strict.lora.LoraLayout.Slot;
import io.perigee.trainers.strict.math.CounterHash;
import io.perigee.trainers.strict.math.CounterHash.Purpose;

/** Everything training changes: parameters, the optimiser's two averages and the number of steps done. */
public final class LoraState {
    private final float[] parameters;
    private final float[] mean;
    private final float[] square;
    private int steps;

    public LoraState(float[] parameters, float[] mean, float[] square, int steps) {
        this.parameters = parameters;
        this.mean = mean;
        this.square = square;
        this.steps = steps;
    }

    /**
     * The agreed start (border 0): lora_A uniform within 1/sqrt(inputs), as PEFT's default has it, each value a function
     * of (seed, layer, target, index); lora_B zero.
     */
    public static LoraState start(LoraLayout layout, long seed) {
        float[] parameters = new float[layout.size()];
        for (Slot slot : layout.slots()) {
            long stream = CounterHash.stream(seed, Purpose.START, slot.layer(), code(slot));
            double bound = 1 / Math.sqrt(slot.inputs());
            for (int i = 0; i < slot.downSize(); i++) {
                double unit = (CounterHash.at(stream, i) >>> 40) * 0x1p-24;
                parameters[slot.down() + i] = (float) ((2 * unit - 1) * bound);
            }
        }
        return new LoraState(parameters, new float[layout.size()], new float[layout.size()], 0);
    }

    /** The projection's number in the random streams; part of the trainer's definition. */
    public static int code(Slot slot) {
        return switch (slot.target()) {
            case Q -> 1;
            case K -> 2;
            case V -> 3;
            case O -> 4;
            case GATE -> 5;
            case UP -> 6;
            case DOWN -> 7;
        };
    }

    public float[] parameters() {
        return parameters;
    }

    public float[] mean() {
        return mean;
    }

    public float[] square() {
        return square;
    }

    public int steps() {
        return steps;
    }

    void stepped() {
        steps++;
    }
}
