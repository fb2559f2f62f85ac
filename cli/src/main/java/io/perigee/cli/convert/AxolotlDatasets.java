package io.perigee.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Axolotl's list of datasets: a job has one, whose rows have one form. */
final class AxolotlDatasets {
    private static final Set<String> READING = Set.of(
            "split", "ds_type", "name", "shards", "shards_idx", "preprocess_shards", "trust_remote_code", "revision");
    private static final String PREFERENCE_ROWS = "rows of prompt, chosen and rejected";

    private final Sheet sheet;
    private final Inputs inputs;

    AxolotlDatasets(Sheet sheet, Inputs inputs) {
        this.sheet = sheet;
        this.inputs = inputs;
    }

    /** Notes dataset and form, and gives the rows where they can be counted. */
    OptionalLong read(boolean dpo) {
        templates();
        if (sheet.has("shuffle_merged_datasets") && !sheet.flag("shuffle_merged_datasets")) {
            sheet.refuses("shuffle_merged_datasets", "true", "the order of rows is a permutation by seed");
        } else {
            sheet.flag("shuffle_merged_datasets");
            sheet.drops("shuffle_merged_datasets", "the order of rows is a permutation by seed anyway");
        }
        var entries = sheet.take("datasets").orElse(null);
        if (entries == null || !entries.isArray() || entries.isEmpty()) {
            sheet.refuses("datasets", "a list with one dataset", "name it under datasets");
            return OptionalLong.empty();
        }
        if (entries.size() > 1 && inputs.place().request().dataset().isEmpty()) {
            sheet.refuses("datasets", "one dataset", "put the rows of all into one directory, and --dataset DIRECTORY");
            return OptionalLong.empty();
        }
        var forms = new java.util.TreeSet<String>();
        for (int i = 0; i < entries.size(); i++) {
            form("datasets[%d]".formatted(i), entries.get(i), dpo).ifPresent(forms::add);
        }
        if (forms.size() > 1) {
            sheet.refuses("datasets", "rows of one form", "write all rows in one of " + forms);
        } else if (!forms.isEmpty()) {
            sheet.maps("datasets", "data.format", forms.first());
        }
        var found = path(entries.get(0));
        var rows = inputs.dataset("datasets", entries.get(0).path("path").asText(), found);
        tests(found);
        return rows;
    }

    private void templates() {
        sheet.text("chat_template").ifPresent(name -> {
            sheet.drops("chat_template", "conversations are written with the base's own chat template");
            if (!name.startsWith("tokenizer_default")) {
                inputs.note("chat_template: see that the base's tokenizer has the template '%s'".formatted(name));
            }
        });
    }

    private Optional<Path> path(JsonNode entry) {
        var files = entry.path("data_files");
        var file = files.isTextual()
                ? files.asText()
                : files.size() == 1 ? files.get(0).asText() : "";
        var path = entry.path("path").asText();
        return file.isEmpty()
                ? inputs.place().local(path)
                : inputs.place().local(file).or(() -> inputs.place().local(path + "/" + file));
    }

    private void tests(Optional<Path> dataset) {
        sheet.take("test_datasets")
                .ifPresent(tests -> inputs.evalFile(
                        "test_datasets", dataset, tests.size() == 1 ? path(tests.get(0)) : Optional.empty()));
    }

    // ---- the form of rows

    private Optional<String> form(String at, JsonNode entry, boolean dpo) {
        for (var property : entry.properties()) {
            var key = property.getKey();
            if (READING.contains(key)) {
                sheet.drops(at + "." + key, "the files that are uploaded are read, whole");
            } else if (List.of("conversation", "chat_template", "roles", "field_tools")
                    .contains(key)) {
                sheet.drops(at + "." + key, "conversations are written with the base's own chat template");
            } else if (!List.of(
                            "path",
                            "type",
                            "data_files",
                            "field",
                            "field_messages",
                            "message_property_mappings",
                            "message_field_role",
                            "message_field_content",
                            "field_chosen",
                            "field_rejected")
                    .contains(key)) {
                trained(at + "." + key, key, property.getValue());
            }
        }
        return dpo ? preference(at, entry) : supervised(at, entry);
    }

    /** What is learned of a conversation: the assistant's turns, each with its end. */
    private void trained(String at, String key, JsonNode value) {
        boolean usual = value.isNull()
                || key.equals("roles_to_train")
                        && value.size() == 1
                        && List.of("assistant", "gpt").contains(value.get(0).asText())
                || List.of("train_on_eos", "train_on_eot").contains(key)
                        && value.asText().equals("turn")
                || key.equals("drop_system_message") && !value.asBoolean();
        if (usual) {
            sheet.drops(at, "what is done anyway");
        } else {
            sheet.refuses(
                    at,
                    "rows as they are, of which the answers are learned",
                    "--accept \"%s\" leaves it out".formatted(at));
        }
    }

    private Optional<String> supervised(String at, JsonNode entry) {
        var type = entry.path("type");
        if (type.isObject()) {
            return ownPrompt(at, type);
        }
        return switch (type.asText("alpaca")) {
            case "alpaca" -> Optional.of("alpaca-instruct");
            case "sharegpt" -> Optional.of("sharegpt");
            case "chat_template" -> conversation(at, entry);
            case "completion" ->
                entry.path("field").asText("text").equals("text")
                        ? Optional.of("text")
                        : unreadable(at + ".field", "rows of text", "rename the field to text");
            default ->
                unreadable(
                        at + ".type",
                        "alpaca, chat_template or completion",
                        "write the rows as {\"prompt\", \"completion\"} or {\"messages\"}");
        };
    }

    private Optional<String> ownPrompt(String at, JsonNode type) {
        boolean plain = type.path("field_instruction").asText().equals("prompt")
                && type.path("field_output").asText().equals("completion")
                && type.path("format").asText("{instruction}").equals("{instruction}")
                && type.path("system_prompt").asText("").isEmpty();
        return plain
                ? Optional.of("prompt")
                : unreadable(
                        at + ".type",
                        "rows whose text is all of the prompt",
                        "write the rows as {\"prompt\", \"completion\"}, with the format's words in them");
    }

    private Optional<String> conversation(String at, JsonNode entry) {
        var messages = entry.path("field_messages").asText("messages");
        var names = entry.path("message_property_mappings");
        var role = names.path("role").asText(entry.path("message_field_role").asText("role"));
        var content =
                names.path("content").asText(entry.path("message_field_content").asText("content"));
        if (messages.equals("messages") && role.equals("role") && content.equals("content")) {
            return Optional.of("messages");
        }
        if (messages.equals("conversations") && role.equals("from") && content.equals("value")) {
            return Optional.of("sharegpt");
        }
        return unreadable(
                at + ".field_messages",
                "messages of role and content, or conversations of from and value",
                "rename the fields in the rows");
    }

    private Optional<String> preference(String at, JsonNode entry) {
        var type = entry.path("type");
        boolean plain = type.isObject()
                ? type.path("field_prompt").asText("prompt").equals("prompt")
                        && type.path("field_chosen").asText("chosen").equals("chosen")
                        && type.path("field_rejected").asText("rejected").equals("rejected")
                        && type.path("prompt_format").asText("{prompt}").equals("{prompt}")
                        && type.path("chosen_format").asText("{chosen}").equals("{chosen}")
                        && type.path("rejected_format").asText("{rejected}").equals("{rejected}")
                : type.asText().endsWith(".prompt_pairs");
        return plain
                ? Optional.of("preference")
                : unreadable(at + ".type", PREFERENCE_ROWS, "write them so, and type: {field_prompt: prompt}");
    }

    private Optional<String> unreadable(String at, String expected, String hint) {
        return sheet.refuses(at, expected, hint) ? Optional.of("auto") : Optional.empty();
    }
}
