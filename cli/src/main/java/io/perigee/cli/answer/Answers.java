package io.perigee.cli.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.cli.Refusal;
import io.perigee.cli.engine.Program;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.ErrorCode;
import io.perigee.protocol.error.InvalidValue;

/** The base's words, and the base's with the adapter. */
record Answers(String base, String adapted) {
    /** The answers of a run, or the trainer's own words why there are none. */
    static Answers of(Program.Ended ended) {
        if (ended.exit() == 0) {
            return read(ended.output());
        }
        throw new Refusal(
                ErrorCode.UNSUPPORTED,
                "Expected the trainer to answer, but it ended with %d: %s".formatted(ended.exit(), ended.lastWords()),
                "The base must be the one that the adapter was trained on");
    }

    /** From the last line that a trainer's {@code generate} writes. */
    static Answers read(String output) {
        var line = output.strip().lines().reduce("", (_, last) -> last);
        try {
            var json = Json.read(line, JsonNode.class);
            if (json.path("base").isTextual() && json.path("adapted").isTextual()) {
                return new Answers(
                        json.path("base").textValue(), json.path("adapted").textValue());
            }
        } catch (InvalidValue _) {
            // said below
        }
        throw new Refusal(
                ErrorCode.UNSUPPORTED,
                "Expected the trainer's image to answer a prompt, but it wrote no line with 'base' and 'adapted'",
                "Images that have the verb 'generate' do: strict and lora");
    }
}
