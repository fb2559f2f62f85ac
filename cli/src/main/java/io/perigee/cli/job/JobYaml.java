package io.perigee.cli.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perigee.protocol.codec.Json;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A job as people write it: a line for each section. */
final class JobYaml {
    private JobYaml() {}

    static String text(ObjectNode job) {
        return job.properties().stream()
                .map(member -> "%s: %s\n".formatted(member.getKey(), flow(member.getValue())))
                .collect(Collectors.joining());
    }

    private static String flow(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(member -> member.getKey() + ": " + flow(member.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .map(JobYaml::flow)
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        return node.isTextual() && isPlain(node.textValue()) ? node.textValue() : Json.text(node);
    }

    /** Neither a number nor a word that YAML takes for something else; quotes are always right. */
    private static boolean isPlain(String text) {
        return text.matches("[A-Za-z./][A-Za-z0-9_./-]*|[0-9]+[KMGT]?B")
                && !text.matches("(?i)true|false|yes|no|on|off|null|y|n|\\.nan|[-+]?\\.inf");
    }
}
