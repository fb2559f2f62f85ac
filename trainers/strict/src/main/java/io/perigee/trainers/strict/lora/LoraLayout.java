package io.perigee.trainers.strict.lora;

import io.perigee.trainers.strict.job.Target;
import io.perigee.trainers.strict.job.TrainingJob.Method;
import io.perigee.trainers.strict.model.LlamaConfig;
import io.perigee.trainers.strict.model.LlamaModel;
import io.perigee.trainers.strict.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where every adapter lies in one flat array of trained parameters, and what its tensors are called in PEFT's layout. */
public record LoraLayout(int rank, List<Slot> slots, int size) {

    /** One adapted projection; {@code down} is PEFT's lora_A {@code [rank, inputs]}, {@code up} is lora_B {@code [outputs, rank]}. */
    public record Slot(int layer, Target target, int inputs, int outputs, int rank, int down, int up) {
        String name(String matrix) {
            return "base_model.model.model.layers." + layer + "." + target.module() + "." + matrix + ".weight";
        }

        int downSize() {
            return rank * inputs;
        }

        int upSize() {
            return outputs * rank;
        }
    }

    public LoraLayout {
        slots = List.copyOf(slots);
    }

    public static LoraLayout of(LlamaConfig config, Method method) {
        List<Slot> slots = new ArrayList<>();
        int at = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Target target : method.targets()) {
                int inputs = LlamaModel.inputs(config, target);
                int outputs = LlamaModel.outputs(config, target);
                int up = Math.addExact(at, method.rank() * inputs);
                slots.add(new Slot(layer, target, inputs, outputs, method.rank(), at, up));
                at = Math.addExact(up, outputs * method.rank());
            }
        }
        return new LoraLayout(method.rank(), slots, at);
    }

    /** Names and shapes of all tensors, each name after {@code prefix}. */
    public SortedMap<String, List<Integer>> shapes(String prefix) {
        SortedMap<String, List<Integer>> shapes = new TreeMap<>();
        for (Slot slot : slots) {
            shapes.put(prefix + slot.name("lora_A"), List.of(rank, slot.inputs()));
            shapes.put(prefix + slot.name("lora_B"), List.of(slot.outputs(), rank));
        }
        return shapes;
    }

    /** Cuts a flat array into named tensors, each name after {@code prefix}. */
    public SortedMap<String, Tensor> tensors(String prefix, float[] flat) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (Slot slot : slots) {
            tensors.put(
                    prefix + slot.name("lora_A"),
                    part(flat, slot.down(), slot.downSize(), List.of(rank, slot.inputs())));
            tensors.put(
                    prefix + slot.name("lora_B"), part(flat, slot.up(), slot.upSize(), List.of(slot.outputs(), rank)));
        }
        return tensors;
    }

    /** Where a tensor starts in the flat array, by its name without prefix. */
    public SortedMap<String, Integer> offsets() {
        SortedMap<String, Integer> offsets = new TreeMap<>();
        for (Slot slot : slots) {
            offsets.put(slot.name("lora_A"), slot.down());
            offsets.put(slot.name("lora_B"), slot.up());
        }
        return offsets;
    }

    private static Tensor part(float[] flat, int from, int size, List<Integer> shape) {
        return new Tensor(shape, Arrays.copyOfRange(flat, from, from + size));
    }
}
