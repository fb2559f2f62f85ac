package io.perigee.trainers.strict.support;

import io.perigee.trainers.strict.json.JsonWriter;
import io.perigee.trainers.strict.math.CounterHash;
import io.perigee.trainers.strict.math.CounterHash.Purpose;
import io.perigee.trainers.strict.tensor.SafetensorsWriter;
import io.perigee.trainers.strict.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A random Llama whose sizes are no multiples of any vector width, so that every remainder is computed too. */
public final class TinyBase {
    private static final int WIDTH = 20;
    private static final int INNER = 28;
    private static final int HEAD = 10;
    private static final int VOCABULARY = 258;

    private TinyBase() {}

    public static Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>();
        config.put("model_type", "llama");
        config.put("hidden_act", "silu");
        config.put("hidden_size", WIDTH);
        config.put("intermediate_size", INNER);
        config.put("num_hidden_layers", 2);
        config.put("num_attention_heads", 4);
        config.put("num_key_value_heads", 2);
        config.put("head_dim", HEAD);
        config.put("vocab_size", VOCABULARY);
        config.put("max_position_embeddings", 64);
        config.put("tie_word_embeddings", false);
        config.put("bos_token_id", 256);
        config.put("eos_token_id", 257);
        return config;
    }

    public static SortedMap<String, Tensor> weights() {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        matrix(tensors, "model.embed_tokens.weight", VOCABULARY, WIDTH);
        matrix(tensors, "lm_head.weight", VOCABULARY, WIDTH);
        norm(tensors, "model.norm.weight");
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "model.layers." + layer + ".";
            matrix(tensors, prefix + "self_attn.q_proj.weight", 4 * HEAD, WIDTH);
            matrix(tensors, prefix + "self_attn.k_proj.weight", 2 * HEAD, WIDTH);
            matrix(tensors, prefix + "self_attn.v_proj.weight", 2 * HEAD, WIDTH);
            matrix(tensors, prefix + "self_attn.o_proj.weight", WIDTH, 4 * HEAD);
            matrix(tensors, prefix + "mlp.gate_proj.weight", INNER, WIDTH);
            matrix(tensors, prefix + "mlp.up_proj.weight", INNER, WIDTH);
            matrix(tensors, prefix + "mlp.down_proj.weight", WIDTH, INNER);
            norm(tensors, prefix + "input_layernorm.weight");
            norm(tensors, prefix + "post_attention_layernorm.weight");
        }
        return tensors;
    }

    /** A byte-level tokenizer without merges. */
    public static Map<String, Object> tokenizer() {
        Map<String, Object> vocabulary = new HashMap<>();
        for (int b = 0, shifted = 256; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            vocabulary.put(String.valueOf((char) (printable ? b : shifted++)), b);
        }
        Map<String, Object> model = new HashMap<>();
        model.put("type", "BPE");
        model.put("vocab", vocabulary);
        model.put("merges", List.of());
        return new HashMap<>(Map.of(
                "model",
                model,
                "pre_tokenizer",
                new HashMap<>(Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", true))));
    }

    public static void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), JsonWriter.write(config()));
        Files.writeString(directory.resolve("tokenizer.json"), JsonWriter.write(tokenizer()));
        Files.write(directory.resolve("model.safetensors"), SafetensorsWriter.bytes(weights()));
    }

    private static void matrix(SortedMap<String, Tensor> tensors, String name, int rows, int columns) {
        tensors.put(name, new Tensor(List.of(rows, columns), uniform(name, rows * columns, 0.3f, 0f)));
    }

    private static void norm(SortedMap<String, Tensor> tensors, String name) {
        tensors.put(name, new Tensor(List.of(WIDTH), uniform(name, WIDTH, 0.2f, 1f)));
    }

    /** Values around a centre that depend on the name alone. */
    public static float[] uniform(String name, int count, float spread, float centre) {
        long stream = CounterHash.stream(name.hashCode(), Purpose.START, 0, 0);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = centre + spread * ((CounterHash.at(stream, i) >>> 40) * 0x1p-23f - 1f);
        }
        return values;
    }
}
