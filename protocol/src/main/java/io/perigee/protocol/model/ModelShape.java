package io.perigee.protocol.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sizes of a decoder, out of the {@code config.json} of its Hugging Face layout. They decide how much there is to hold.
 *
 * @param type {@code model_type}
 * @param inner columns of the feed-forward part
 * @param keyHeads heads of keys and values, which may be fewer
 * @param context the longest sequence
 * @param tied whether the output shares the embedding's weights
 */
public record ModelShape(
        String type,
        int vocabulary,
        int width,
        int inner,
        int layers,
        int heads,
        int keyHeads,
        int headWidth,
        int context,
        boolean tied,
        boolean attentionBias) {
    private static final Set<String> KNOWN = Set.of("llama", "qwen2", "qwen3", "gemma3_text", "mistral", "phi3");

    /** Inputs and outputs of a projection. */
    public record Linear(int inputs, int outputs) {
        public long weights() {
            return (long) inputs * outputs;
        }
    }

    /** Reads a configuration; nothing when it is of no architecture whose sizes are known here. */
    public static Optional<ModelShape> read(JsonNode config) {
        var type = config.path("model_type").asText();
        int width = whole(config, "hidden_size", 1 << 16, 0);
        int heads = whole(config, "num_attention_heads", 1 << 10, 0);
        int keyHeads = whole(config, "num_key_value_heads", 1 << 10, heads);
        int headWidth = whole(config, "head_dim", 1 << 12, usualHeadWidth(type, width, heads));
        int vocabulary = whole(config, "vocab_size", 1 << 24, 0);
        int inner = whole(config, "intermediate_size", 1 << 20, 0);
        int layers = whole(config, "num_hidden_layers", 1 << 10, 0);
        int context = whole(config, "max_position_embeddings", 1 << 24, 2048);
        boolean whole = width > 0
                && heads > 0
                && keyHeads > 0
                && headWidth > 0
                && vocabulary > 0
                && inner > 0
                && layers > 0
                && context > 0;
        return KNOWN.contains(type) && whole
                ? Optional.of(new ModelShape(
                        type,
                        vocabulary,
                        width,
                        inner,
                        layers,
                        heads,
                        keyHeads,
                        headWidth,
                        context,
                        config.path("tie_word_embeddings").asBoolean(type.equals("gemma3_text")),
                        type.equals("qwen2") || config.path("attention_bias").asBoolean(false)))
                : Optional.empty();
    }

    /** What transformers takes where the configuration names none. */
    private static int usualHeadWidth(String type, int width, int heads) {
        return switch (type) {
            case "qwen3" -> 128;
            case "gemma3_text" -> 256;
            default -> heads == 0 ? 0 : width / heads;
        };
    }

    private static int whole(JsonNode config, String key, int most, int fallback) {
        var value = config.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return fallback;
        }
        return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1 && value.intValue() <= most
                ? value.intValue()
                : 0;
    }

    /** Columns of the queries. */
    public int queryWidth() {
        return heads * headWidth;
    }

    /** Columns of the keys, and of the values. */
    public int keyWidth() {
        return keyHeads * headWidth;
    }

    /** One layer's projections by the names of their modules. */
    public Map<String, Linear> linears() {
        var linears = new LinkedHashMap<String, Linear>();
        if (type.equals("phi3")) {
            linears.put("qkv_proj", new Linear(width, queryWidth() + 2 * keyWidth()));
            linears.put("o_proj", new Linear(queryWidth(), width));
            linears.put("gate_up_proj", new Linear(width, 2 * inner));
        } else {
            linears.put("q_proj", new Linear(width, queryWidth()));
            linears.put("k_proj", new Linear(width, keyWidth()));
            linears.put("v_proj", new Linear(width, keyWidth()));
            linears.put("o_proj", new Linear(queryWidth(), width));
            linears.put("gate_proj", new Linear(width, inner));
            linears.put("up_proj", new Linear(width, inner));
        }
        linears.put("down_proj", new Linear(inner, width));
        return linears;
    }

    /** Weights of all layers' projections. */
    public long linearParameters() {
        return layers * linears().values().stream().mapToLong(Linear::weights).sum();
    }

    /** All weights. */
    public long parameters() {
        boolean gemma = type.equals("gemma3_text");
        long embeddings = (long) vocabulary * width * (tied ? 1 : 2);
        long norms = (long) width * (gemma ? 4 : 2);
        long headNorms = gemma || type.equals("qwen3") ? 2L * headWidth : 0;
        long biases = attentionBias ? (heads + 2L * keyHeads) * headWidth : 0;
        return embeddings + linearParameters() + layers * (norms + headNorms + biases) + width;
    }
}
