package io.perigee.trainers.strict.model;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code config.json}; what would change the computation and is not spoken here is refused by name. */
public final class LlamaConfigReader {
    private static final String HINT =
            "The strict trainer takes Llama models without biases and without scaled rotary embeddings.";

    private LlamaConfigReader() {}

    /** Reads {@code config.json} of a base directory. */
    public static LlamaConfig read(Path base) throws IOException {
        Path file = base.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            throw bad("Expected the base model to have a 'config.json', but there is none.");
        }
        try {
            return config(new JsonFields("", JsonReader.read(file, 1 << 20), LlamaConfigReader::bad));
        } catch (JsonReader.Malformed e) {
            throw bad("Expected the base model's 'config.json' to be JSON, but " + e.getMessage() + ".");
        }
    }

    private static LlamaConfig config(JsonFields config) {
        text(config, "model_type", "llama", true);
        text(config, "hidden_act", "silu", false);
        if (config.flag("attention_bias", false) || config.flag("mlp_bias", false)) {
            throw bad("Expected a base model without biases, but 'attention_bias' or 'mlp_bias' is true.");
        }
        if (config.has("rope_scaling")) {
            throw bad("Expected a base model with plain rotary embeddings, but 'rope_scaling' is given.");
        }
        if (config.has("quantization_config")) {
            throw bad("Expected a base model with plain weights, but 'quantization_config' is given.");
        }
        double theta = config.has("rope_theta") ? config.decimal("rope_theta", 1, 1e12) : 10_000;
        if (config.has("rope_parameters")) {
            JsonFields rope = config.object("rope_parameters");
            text(rope, "rope_type", "default", false);
            theta = rope.has("rope_theta") ? rope.decimal("rope_theta", 1, 1e12) : theta;
        }
        int width = config.integer("hidden_size", 2, 16384);
        int heads = config.integer("num_attention_heads", 1, 256);
        int keyHeads = config.has("num_key_value_heads") ? config.integer("num_key_value_heads", 1, heads) : heads;
        int headWidth = config.has("head_dim") ? config.integer("head_dim", 2, 1024) : width / heads;
        if (heads % keyHeads != 0 || headWidth % 2 != 0 || headWidth == 0) {
            throw bad("Expected heads of even width that share key heads evenly, but there are " + heads
                    + " heads of width " + headWidth + " and " + keyHeads + " key heads.");
        }
        int vocabulary = config.integer("vocab_size", 2, 1 << 20);
        return new LlamaConfig(
                vocabulary,
                width,
                config.integer("intermediate_size", 1, 131072),
                config.integer("num_hidden_layers", 1, 256),
                heads,
                keyHeads,
                headWidth,
                config.has("max_position_embeddings") ? config.integer("max_position_embeddings", 1, 1 << 24) : 2048,
                (float) (config.has("rms_norm_eps") ? config.decimal("rms_norm_eps", 0, 1) : 1e-6),
                theta,
                config.flag("tie_word_embeddings", false),
                token(config, "bos_token_id", vocabulary),
                token(config, "eos_token_id", vocabulary));
    }

    private static int token(JsonFields config, String name, int vocabulary) {
        return config.has(name) ? config.integer(name, 0, vocabulary - 1) : -1;
    }

    private static void text(JsonFields fields, String name, String wanted, boolean required) {
        if ((required || fields.has(name)) && !fields.text(name).equals(wanted)) {
            throw bad("Expected the base model's '" + name + "' to be \"" + wanted + "\", but it is \""
                    + fields.text(name) + "\".");
        }
    }

    private static JobFailure bad(String message) {
        return JobFailure.data("BAD_BASE", message, HINT);
    }
}
