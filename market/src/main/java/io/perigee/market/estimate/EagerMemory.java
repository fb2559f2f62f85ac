package io.perigee.market.estimate;

import io.perigee.protocol.id.Decimal;
import io.perigee.protocol.model.ModelShape;
import io.perigee.protocol.rest.MemoryEstimate;
import io.perigee.protocol.spec.JobSpec;
import io.perigee.protocol.spec.MethodKind;
import io.perigee.protocol.spec.Objective;
import io.perigee.protocol.spec.Optimizer;
import java.util.List;
import java.util.Objects;

/**
 * The peak of the {@code lora} trainer: what autograd keeps of each layer, as eager attention and PEFT's layers use it. The
 * same formula, number for number, as {@code trainers/lora}'s {@code estimate}; the vectors of the test hold both to it.
 *
 * <p>With h, q, i the columns of the model, of its queries and of its inner layer, a its heads, s the length, w bytes of
 * float32 and n of the training's format, one layer keeps of one token: 2hw for the norms, 3qn for queries, keys and values,
 * a·s·w (+ a·s·n in half precision) for attention, 3in for the gate, and w times the input of each adapted projection.
 */
final class EagerMemory {
    private static final int WIDE = 4;
    /** Bytes of an element of the logits and of their logarithms, where nothing flows back. */
    private static final int EVALUATED = 8;
    /** The same of weights in half precision. */
    private static final int HALF_EVALUATED = 10;

    /**
     * Measured constants of a kind of device.
     *
     * @param program bytes of Python, torch, transformers and PEFT themselves, or of the driver's context
     * @param backward what backward's own tensors and the allocator add to what is kept for it
     * @param step what the optimiser makes beside its averages, in sizes of the largest trained tensor
     * @param logits bytes of an element of the logits, their logarithms and the gradients of both, in float32
     * @param halfLogits the same in half precision
     * @param apart whether what lives for a moment comes on top; a GPU's allocator gives it what backward has freed
     */
    private record Device(double program, double backward, double step, int logits, int halfLogits, boolean apart) {}

    private static final Device PROCESSOR = new Device(765L << 20, 1.45, 3.5, 16, 18, true);
    private static final Device GPU = new Device(690L << 20, 1.23, 1.1, 12, 12, false);

    private final ModelShape shape;
    private final JobSpec.Method method;
    private final JobSpec.Train train;
    private final JobSpec.Outputs outputs;
    private final Device device;
    private final int narrow;
    private final double trained;

    /** @param gpu whether it is a GPU's memory that is asked about */
    EagerMemory(ModelShape shape, JobSpec.Method method, JobSpec.Train train, JobSpec.Outputs outputs, boolean gpu) {
        this.outputs = outputs;
        this.device = gpu ? GPU : PROCESSOR;
        this.shape = shape;
        this.method = method;
        this.train = train;
        this.trained = trained(shape, method);
        this.narrow = switch (train.dtype()) {
            case FLOAT32 -> 4;
            case BFLOAT16 -> 2;
        };
    }

    /**
     * At the moment when most is held: in the backward pass, or (full with small batches) in the optimiser, or (qlora, whose
     * base is merged in full width, and small batches) while merged or GGUF outputs are written.
     */
    MemoryEstimate estimate() {
        return larger(larger(backward(), step()), export());
    }

    private static MemoryEstimate larger(MemoryEstimate first, MemoryEstimate second) {
        return second.total() > first.total() ? second : first;
    }

    private MemoryEstimate backward() {
        double sequences = (double) train.microBatch() * (train.objective() == Objective.DPO ? 2 : 1);
        double tokens = sequences * train.seqLen();
        double saved = savedPerToken();
        double activations = train.gradCheckpointing()
                ? tokens * shape.layers() * shape.width() * narrow + tokens * saved
                : tokens * shape.layers() * saved;
        return MemoryEstimate.of(
                weights(),
                // gradients of a full fine-tune come while activations go
                full() ? trained + WIDE * largestTrained() : WIDE * trained,
                averages(),
                Math.floor(device.backward() * activations),
                tokens * shape.vocabulary() * (narrow == WIDE ? device.logits() : device.halfLogits()),
                device.program() + (device.apart() ? transientBytes(sequences) : 0));
    }

    private MemoryEstimate step() {
        return MemoryEstimate.of(
                weights(),
                WIDE * trained,
                averages(),
                0,
                0,
                device.program() + Math.floor(device.step() * WIDE * largestTrained()));
    }

    /** The merged model's weights, and for GGUF a second time, while what is left of them is looked at. */
    private MemoryEstimate export() {
        boolean quantises = !outputs.gguf().isEmpty();
        boolean merges = outputs.merged() || quantises;
        int wide = full() ? WIDE : narrow;
        double copies = quantises ? 2 : 1;
        double lookedAt = quantises ? (double) train.microBatch() * train.seqLen() : 0;
        return MemoryEstimate.of(
                merges ? copies * wide * shape.parameters() + (full() ? 0 : WIDE * trained) : 0,
                0,
                0,
                0,
                lookedAt * shape.vocabulary() * (wide == WIDE ? EVALUATED : HALF_EVALUATED),
                device.program() + (quantises && device.apart() ? transientBytes(train.microBatch()) : 0));
    }

    /** Weights that change. */
    static double trained(ModelShape shape, JobSpec.Method method) {
        if (method.kind() == MethodKind.FULL) {
            return shape.parameters();
        }
        double count = 0;
        for (var target : method.targets()) {
            var linear = shape.linears().get(target);
            if (linear != null) {
                count += (double) method.r() * (linear.inputs() + linear.outputs())
                        + (method.kind() == MethodKind.DORA ? linear.outputs() : 0);
            }
        }
        return shape.layers() * count;
    }

    private boolean full() {
        return method.kind() == MethodKind.FULL;
    }

    private double averages() {
        return (train.optimizer() == Optimizer.ADAMW8BIT ? 2 : 8) * trained;
    }

    /** Elements of the largest tensor that is trained. */
    private double largestTrained() {
        if (full()) {
            return (double) shape.vocabulary() * shape.width();
        }
        return (double) method.r()
                * method.targets().stream()
                        .map(shape.linears()::get)
                        .filter(Objects::nonNull)
                        .mapToInt(linear -> Math.max(linear.inputs(), linear.outputs()))
                        .max()
                        .orElse(0);
    }

    private double weights() {
        return switch (method.kind()) {
            case FULL -> (double) WIDE * shape.parameters();
            case LORA, RSLORA, DORA -> (double) narrow * shape.parameters() + WIDE * trained;
            case QLORA -> {
                // nf4: half a byte, a byte of scale for 64 weights, four bytes for 256 of those
                double quantised = shape.linearParameters();
                yield Math.floor(quantised * (0.5 + 1.0 / 64 + 4.0 / 16_384))
                        + narrow * (shape.parameters() - quantised)
                        + WIDE * trained;
            }
        };
    }

    private double savedPerToken() {
        double kept = 2.0 * shape.width() * WIDE + 3.0 * shape.queryWidth() * narrow + 3.0 * shape.inner() * narrow;
        kept += (double) shape.heads() * train.seqLen() * (WIDE + (narrow == WIDE ? 0 : narrow));
        kept += input(shape.width(), "q_proj", "k_proj", "v_proj", "qkv_proj");
        kept += input(shape.queryWidth(), "o_proj");
        kept += input(shape.width(), "gate_proj", "up_proj", "gate_up_proj");
        kept += input(shape.inner(), "down_proj");
        if (method.dropout().compareTo(Decimal.ZERO) > 0) {
            for (var target : method.targets()) {
                var linear = shape.linears().get(target);
                kept += linear == null ? 0 : 2.0 * linear.inputs() * WIDE;
            }
        }
        if (full()) {
            kept += 2.0 * shape.width() * narrow;
        }
        boolean gemma = shape.type().equals("gemma3_text");
        if (gemma || shape.type().equals("qwen3")) {
            kept += (double) (shape.heads() + shape.keyHeads()) * shape.headWidth() * WIDE;
        }
        return kept + (gemma ? 2.0 * shape.width() * WIDE : 0);
    }

    /** Projections that read the same keep it once. */
    private double input(int columns, String... projections) {
        boolean adapted = List.of(projections).stream().anyMatch(method.targets()::contains);
        return full() ? (double) columns * narrow : adapted ? (double) columns * WIDE : 0;
    }

    /** Scores of one layer's attention and their gradient, or the widest of the inner layer. */
    private double transientBytes(double sequences) {
        double length = train.seqLen();
        return Math.max(
                3 * sequences * shape.heads() * length * length * WIDE, 3 * sequences * length * shape.inner() * WIDE);
    }
}
