package io.perigee.trainers.strict.data;

import io.perigee.trainers.strict.job.RowForm;
import io.perigee.trainers.strict.json.JsonFields;
import io.perigee.trainers.strict.json.JsonValue;
import io.perigee.trainers.strict.json.JsonValue.JsonArray;
import io.perigee.trainers.strict.model.LlamaConfig;
import io.perigee.trainers.strict.tokenizer.ByteLevelBpe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Turns one dataset row into what the model reads and what it is to learn. */
final class Composer {
    private final ByteLevelBpe tokenizer;
    private final LlamaConfig config;
    private final int length;
    private final RowForm form;

    /** A piece of a row; only learned pieces count in the loss. */
    private record Piece(String text, boolean learned) {}

    Composer(ByteLevelBpe tokenizer, LlamaConfig config, int length, RowForm form) {
        this.tokenizer = tokenizer;
        this.config = config;
        this.length = length;
        this.form = form;
    }

    /** The examples of a row: none when nothing is left to learn within the length, several for long plain text. */
    List<Example> compose(JsonValue row, Function<String, RuntimeException> fault) {
        JsonFields fields = new JsonFields("", row, fault);
        if (form.takes(RowForm.PROMPT) && fields.has("prompt") && fields.has("completion")) {
            return cut(
                    List.of(new Piece(fields.text("prompt"), false), new Piece(fields.text("completion"), true)),
                    false);
        }
        if (form.takes(RowForm.MESSAGES) && fields.has("messages")) {
            return cut(messages(fields, fault), false);
        }
        if (form.takes(RowForm.TEXT) && fields.has("text")) {
            return cut(List.of(new Piece(fields.text("text"), true)), true);
        }
        throw fault.apply(
                switch (form) {
                    case ANY ->
                        "Expected it to have prompt and completion, messages, or text, but it has none of these.";
                    case PROMPT -> "Expected it to have prompt and completion, as 'data.format' says, but it has not.";
                    case MESSAGES, TEXT ->
                        "Expected it to have " + form.wire() + ", as 'data.format' says, but it has not.";
                });
    }

    private static List<Piece> messages(JsonFields fields, Function<String, RuntimeException> fault) {
        if (!(fields.value("messages") instanceof JsonArray(List<JsonValue> messages))) {
            throw fault.apply("Expected 'messages' to be a list, but it is "
                    + fields.value("messages").kind() + ".");
        }
        List<Piece> pieces = new ArrayList<>();
        for (JsonValue value : messages) {
            JsonFields message = new JsonFields("messages", value, fault);
            String role = message.text("role");
            pieces.add(new Piece(role + ": ", false));
            pieces.add(new Piece(message.text("content") + "\n", role.equals("assistant")));
        }
        return pieces;
    }

    private List<Example> cut(List<Piece> pieces, boolean windows) {
        List<int[]> encoded =
                pieces.stream().map(piece -> tokenizer.encode(piece.text())).toList();
        int begin = config.beginToken() >= 0 ? 1 : 0;
        int end = config.endToken() >= 0 ? 1 : 0;
        int[] tokens =
                new int[begin + encoded.stream().mapToInt(part -> part.length).sum() + end];
        boolean[] learned = new boolean[tokens.length];
        int at = begin;
        if (begin == 1) {
            tokens[0] = config.beginToken();
        }
        for (int i = 0; i < encoded.size(); i++) {
            System.arraycopy(encoded.get(i), 0, tokens, at, encoded.get(i).length);
            java.util.Arrays.fill(
                    learned, at, at + encoded.get(i).length, pieces.get(i).learned());
            at += encoded.get(i).length;
        }
        if (end == 1) {
            tokens[at] = config.endToken();
            learned[at] = !pieces.isEmpty() && pieces.getLast().learned();
        }
        List<Example> examples = new ArrayList<>();
        for (int from = 0; from < tokens.length && (from == 0 || windows); from += length) {
            int to = Math.min(tokens.length, from + length);
            Example example = new Example(
                    java.util.Arrays.copyOfRange(tokens, from, to), java.util.Arrays.copyOfRange(learned, from, to));
            if (example.learnedTokens() > 0) {
                examples.add(example);
            }
        }
        return examples;
    }
}
