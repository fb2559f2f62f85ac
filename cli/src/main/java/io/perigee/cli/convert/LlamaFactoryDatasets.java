package io.perigee.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** LLaMA-Factory's datasets: names that dataset_info.json explains. A job has one, whose rows have one form. */
final class LlamaFactoryDatasets {
    private static final String INFO = "dataset_info.json";

    private final Sheet sheet;
    private final Inputs inputs;

    LlamaFactoryDatasets(Sheet sheet, Inputs inputs) {
        this.sheet = sheet;
        this.inputs = inputs;
    }

    OptionalLong read(String stage) {
        sheet.text("template").ifPresent(name -> {
            sheet.drops("template", "conversations are written with the base's own chat template");
            inputs.note("template: see that the base's tokenizer has the template '%s'".formatted(name));
        });
        mixing();
        var names = sheet.texts("dataset");
        if (names.size() != 1 && inputs.place().request().dataset().isEmpty()) {
            sheet.refuses("dataset", "one dataset", "put the rows of all into one directory, and --dataset DIRECTORY");
            return OptionalLong.empty();
        }
        var name = names.isEmpty() ? "" : names.getFirst();
        sheet.drops("dataset_dir", "what lies there is read, or named with --dataset");
        var folder = inputs.place().local(sheet.text("dataset_dir").orElse("data"));
        var info = folder.flatMap(directory -> inputs.place().json(directory.resolve(INFO)))
                .map(all -> all.path(name))
                .filter(JsonNode::isObject);
        var form = info.map(description -> form(name, description, stage)).orElseGet(() -> switch (stage) {
            case "pt" -> "text";
            case "dpo" -> "preference";
            default -> "auto";
        });
        sheet.maps("dataset", "data.format", form);
        var rows = inputs.dataset("dataset", name, info.flatMap(description -> file(folder, description)));
        return samples(rows);
    }

    private void mixing() {
        var strategy = sheet.text("mix_strategy");
        if (strategy.filter("concat"::equals).isPresent()) {
            sheet.drops("mix_strategy", "what is done anyway");
        } else {
            strategy.ifPresent(_ ->
                    sheet.refuses("mix_strategy", "concat", "the rows of one dataset come in a permutation by seed"));
        }
    }

    private Optional<Path> file(Optional<Path> folder, JsonNode description) {
        var name = description.path("file_name").asText();
        return name.isEmpty()
                ? Optional.empty()
                : folder.flatMap(path -> inputs.place().local(path.resolve(name).toString()));
    }

    /** Fewer rows than there are would be another dataset. */
    private OptionalLong samples(OptionalLong rows) {
        var most = sheet.whole("max_samples");
        if (most.isEmpty()) {
            return rows;
        }
        if (rows.isPresent() && rows.getAsLong() <= most.get()) {
            sheet.drops("max_samples", "the dataset has no more rows");
            return rows;
        }
        boolean accepted = sheet.refuses(
                "max_samples",
                "nothing, as all rows of a dataset are trained on",
                "head -n %d data.jsonl > part.jsonl, then --dataset part.jsonl".formatted(most.get()));
        return accepted || rows.isEmpty() ? rows : OptionalLong.of(most.get());
    }

    private String form(String name, JsonNode description, String stage) {
        var columns = description.path("columns");
        boolean ranking = description.path("ranking").asBoolean();
        boolean chat = description.path("formatting").asText("alpaca").equals("sharegpt");
        if (ranking || stage.equals("dpo")) {
            boolean plain = !chat
                    && columns.path("prompt").asText("instruction").equals("prompt")
                    && columns.path("chosen").asText().equals("chosen")
                    && columns.path("rejected").asText().equals("rejected")
                    && !columns.has("query");
            return plain ? "preference" : unreadable(name, "rows of prompt, chosen and rejected");
        }
        if (chat) {
            return conversation(name, columns, description.path("tags"));
        }
        var prompt = columns.path("prompt").asText("instruction");
        var response = columns.path("response").asText("output");
        if (stage.equals("pt")) {
            return prompt.equals("text") ? "text" : unreadable(name, "rows of text");
        }
        if (columns.has("history") || columns.has("system")) {
            return unreadable(name, "rows of messages, as rows with history or system are conversations");
        }
        if (prompt.equals("prompt") && response.equals("completion") && !columns.has("query")) {
            return "prompt";
        }
        boolean usual = prompt.equals("instruction")
                && response.equals("output")
                && columns.path("query").asText("input").equals("input");
        return usual ? "alpaca" : unreadable(name, "rows of instruction, input and output");
    }

    private String conversation(String name, JsonNode columns, JsonNode tags) {
        var words = List.of(
                columns.path("messages").asText("conversations"),
                tags.path("role_tag").asText("from"),
                tags.path("content_tag").asText("value"),
                tags.path("user_tag").asText("human"),
                tags.path("assistant_tag").asText("gpt"));
        if (words.equals(List.of("conversations", "from", "value", "human", "gpt"))) {
            return "sharegpt";
        }
        return words.equals(List.of("messages", "role", "content", "user", "assistant"))
                ? "messages"
                : unreadable(name, "messages of role and content, or conversations of from and value");
    }

    private String unreadable(String name, String expected) {
        sheet.refuses("dataset", expected, "rewrite the rows of '%s', and its entry in %s".formatted(name, INFO));
        return "auto";
    }
}
