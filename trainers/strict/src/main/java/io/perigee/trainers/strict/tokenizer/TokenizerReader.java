package io.perigee.trainers.strict.tokenizer;

import io.perigee.trainers.strict.failure.JobFailure;
import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonReader;
import io.perigee.trainers.strict.json.JsonValue;
import io.perigee.trainers.strict.json.JsonValue.JsonArray;
import io.perigee.trainers.strict.json.JsonValue.JsonNumber;
import io.perigee.trainers.strict.json.JsonValue.JsonObject;
import io.perigee.trainers.strict.json.JsonValue.JsonText;
import io.perigee.trainers.strict.tokenizer.ByteLevelBpe.Merge;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code tokenizer.json}; a tokenizer that would give other ids than this one does is refused by name. */
public final class TokenizerReader {
    private static final long LIMIT = 64L << 20;
    private static final String HINT = "The strict trainer takes byte-level BPE tokenizers with GPT-2's word pattern.";

    private TokenizerReader() {}

    /** Reads the tokenizer of a base directory whose model knows {@code vocabulary} tokens. */
    public static ByteLevelBpe read(Path base, int vocabulary) throws IOException {
        Path file = base.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw bad("Expected the base model to have a 'tokenizer.json', but there is none.");
        }
        try {
            return tokenizer(new JsonFields("", JsonReader.read(file, LIMIT), TokenizerReader::bad), vocabulary);
        } catch (JsonReader.Malformed e) {
            throw bad("Expected the base model's 'tokenizer.json' to be JSON, but " + e.getMessage() + ".");
        }
    }

    private static ByteLevelBpe tokenizer(JsonFields root, int vocabulary) {
        JsonFields model = root.object("model");
        same(model, "type", "BPE");
        for (String name : List.of("continuing_subword_prefix", "end_of_word_suffix", "dropout")) {
            if (model.has(name) && !(model.value(name) instanceof JsonText(String text) && text.isEmpty())) {
                throw bad("Expected the tokenizer to have no '" + name + "', but it has.");
            }
        }
        if (model.flag("byte_fallback", false) || root.has("normalizer")) {
            throw bad("Expected a tokenizer without normalizer and byte fallback, but it has one.");
        }
        JsonFields words = root.object("pre_tokenizer");
        same(words, "type", "ByteLevel");
        if (!words.flag("use_regex", true)) {
            throw bad("Expected the tokenizer's 'pre_tokenizer.use_regex' to be true, but it is false.");
        }
        refusePlainAddedTokens(root);
        Map<String, Integer> ids = vocabulary(model.object("vocab"), model.value("vocab"), vocabulary);
        boolean wholeWords = model.flag("ignore_merges", false);
        return new ByteLevelBpe(
                byteTokens(ids),
                merges(model.value("merges"), ids),
                wholeWords ? plain(ids) : Map.of(),
                words.flag("add_prefix_space", true),
                texts(ids, special(root), vocabulary));
    }

    private static void refusePlainAddedTokens(JsonFields root) {
        if (root.has("added_tokens") && root.value("added_tokens") instanceof JsonArray(List<JsonValue> added)) {
            for (JsonValue token : added) {
                JsonFields fields = new JsonFields("added_tokens", token, TokenizerReader::bad);
                if (!fields.flag("special", false)) {
                    throw bad("Expected all added tokens to be special, but '" + fields.text("content") + "' is not.");
                }
            }
        }
    }

    private static Set<String> special(JsonFields root) {
        Set<String> special = new HashSet<>();
        if (root.has("added_tokens") && root.value("added_tokens") instanceof JsonArray(List<JsonValue> added)) {
            added.forEach(
                    token -> special.add(new JsonFields("added_tokens", token, TokenizerReader::bad).text("content")));
        }
        return special;
    }

    private static Map<String, Integer> vocabulary(JsonFields fields, JsonValue value, int vocabulary) {
        Map<String, Integer> ids = new HashMap<>();
        if (value instanceof JsonObject(Map<String, JsonValue> members)) {
            for (Map.Entry<String, JsonValue> member : members.entrySet()) {
                if (member.getValue() instanceof JsonNumber(BigDecimal id)
                        && id.signum() >= 0
                        && id.compareTo(BigDecimal.valueOf(vocabulary)) < 0
                        && id.stripTrailingZeros().scale() <= 0) {
                    ids.put(member.getKey(), id.intValueExact());
                } else {
                    fields.integer(member.getKey(), 0, vocabulary - 1);
                }
            }
        }
        return ids;
    }

    private static Map<Long, Merge> merges(JsonValue value, Map<String, Integer> ids) {
        if (!(value instanceof JsonArray(List<JsonValue> entries))) {
            throw bad("Expected the tokenizer's 'model.merges' to be a list, but it is " + value.kind() + ".");
        }
        Map<Long, Merge> merges = new HashMap<>();
        for (int rank = 0; rank < entries.size(); rank++) {
            String[] parts =
                    switch (entries.get(rank)) {
                        case JsonText(String text) -> text.split(" ", -1);
                        case JsonArray(List<JsonValue> list) ->
                            list.stream()
                                    .map(e -> e instanceof JsonText(String text) ? text : "")
                                    .toArray(String[]::new);
                        case JsonValue _ -> new String[0];
                    };
            @Nullable Integer left = parts.length == 2 ? ids.get(parts[0]) : null;
            @Nullable Integer right = parts.length == 2 ? ids.get(parts[1]) : null;
            @Nullable Integer both = parts.length == 2 ? ids.get(parts[0] + parts[1]) : null;
            if (left == null || right == null || both == null) {
                throw bad("Expected merge " + rank
                        + " of the tokenizer to join two tokens of the vocabulary into a third, but it does not.");
            }
            merges.putIfAbsent(ByteLevelBpe.pair(left, right), new Merge(rank, both));
        }
        return merges;
    }

    /** Tokens of the 256 bytes; -1 where the vocabulary lacks one. */
    private static int[] byteTokens(Map<String, Integer> ids) {
        int[] tokens = new int[256];
        Arrays.fill(tokens, -1);
        for (int b = 0; b < 256; b++) {
            tokens[b] = ids.getOrDefault(String.valueOf(letter(b)), -1);
        }
        return tokens;
    }

    /** The printable stand-in of a byte in a byte-level vocabulary. */
    private static char letter(int b) {
        if (printable(b)) {
            return (char) b;
        }
        int shifted = 256;
        for (int other = 0; other < b; other++) {
            shifted += printable(other) ? 0 : 1;
        }
        return (char) shifted;
    }

    private static boolean printable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
    }

    /** The vocabulary keyed by the text itself, where it is whole text. */
    private static Map<String, Integer> plain(Map<String, Integer> ids) {
        Map<Character, Integer> bytes = bytesOfLetters();
        Map<String, Integer> plain = new HashMap<>();
        ids.forEach((word, id) -> {
            byte @Nullable [] raw = bytes(word, bytes);
            if (raw != null) {
                String text = new String(raw, StandardCharsets.UTF_8);
                if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), raw)) {
                    plain.put(text, id);
                }
            }
        });
        return plain;
    }

    /** What each token says; special tokens say nothing. */
    private static byte[][] texts(Map<String, Integer> ids, Set<String> special, int vocabulary) {
        byte[][] texts = new byte[vocabulary][0];
        Map<Character, Integer> bytes = bytesOfLetters();
        ids.forEach((word, id) -> {
            byte @Nullable [] raw = special.contains(word) ? null : bytes(word, bytes);
            if (raw != null) {
                texts[id] = raw;
            }
        });
        return texts;
    }

    private static Map<Character, Integer> bytesOfLetters() {
        Map<Character, Integer> bytes = new HashMap<>();
        for (int b = 0; b < 256; b++) {
            bytes.put(letter(b), b);
        }
        return bytes;
    }

    private static byte @Nullable [] bytes(String word, Map<Character, Integer> letters) {
        byte[] raw = new byte[word.length()];
        for (int i = 0; i < raw.length; i++) {
            @Nullable Integer b = letters.get(word.charAt(i));
            if (b == null) {
                return null;
            }
            raw[i] = b.byteValue();
        }
        return raw;
    }

    private static void same(JsonFields fields, String name, String wanted) {
        if (!fields.text(name).equals(wanted)) {
            throw bad("Expected the tokenizer's '" + name + "' to be \"" + wanted + "\", but it is \""
                    + fields.text(name) + "\".");
        }
    }

    private static JobFailure bad(String message) {
        return JobFailure.data("BAD_TOKENIZER", message, HINT);
    }
}
