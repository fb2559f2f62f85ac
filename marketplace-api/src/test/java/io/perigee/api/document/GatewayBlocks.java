package io.perigee.api.document;

import io.perigee.protocol.codec.Json;
import io.perigee.protocol.fact.AttemptEnd;
import io.perigee.protocol.fact.Cause;
import io.perigee.protocol.fact.FailureKind;
import io.perigee.protocol.fact.VerdictRefusal;
import io.perigee.protocol.gateway.AgentMessage;
import io.perigee.protocol.gateway.HubMessage;
import io.perigee.protocol.offer.Gpu;
import io.perigee.protocol.offer.Hardware;
import io.perigee.protocol.offer.ImageClass;
import io.perigee.protocol.offer.Offer;
import io.perigee.protocol.result.Opening;
import io.perigee.protocol.result.SegmentHashes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every message of the gateway with its fields and an example, and a whole attempt in order. */
final class GatewayBlocks {
    private static final List<Class<? extends Record>> TYPES =
            List.of(Offer.class, Hardware.class, ImageClass.class, Gpu.class, Opening.class, SegmentHashes.class);

    private GatewayBlocks() {}

    static Map<String, String> all(Meanings meanings, FieldTables tables) {
        var blocks = new TreeMap<String, String>();
        var examples = GatewayExamples.all();
        examples.forEach((key, line) -> blocks.put(
                key,
                tables.table(key, line.message().getClass()) + "\n\n" + PrettyJson.fenced(Json.tree(line.message()))));
        requireEveryMessage(examples);
        TYPES.forEach(type -> blocks.put("type " + type.getSimpleName(), tables.table(type.getSimpleName(), type)));
        blocks.put("attempt sequence", sequence());
        blocks.put("login text", "```text\n%s\n```".formatted(GatewayExamples.loginText()));
        blocks.put("failure kinds", failures(meanings));
        blocks.put("attempt ends", constants(meanings, AttemptEnd.values(), "AttemptEnd"));
        blocks.put("verdict refusals", constants(meanings, VerdictRefusal.values(), "VerdictRefusal"));
        blocks.put("causes", constants(meanings, Cause.values(), "Cause"));
        return blocks;
    }

    private static void requireEveryMessage(Map<String, GatewayExamples.Line> examples) {
        var shown = examples.values().stream()
                .map(line -> line.message().getClass())
                .collect(Collectors.toSet());
        var missing = Stream.of(HubMessage.class, AgentMessage.class)
                .flatMap(type -> Arrays.stream(type.getPermittedSubclasses()))
                .filter(type -> !shown.contains(type))
                .map(Class::getSimpleName)
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("Expected an example of every message, but not of " + missing);
        }
    }

    private static String sequence() {
        var number = new int[1];
        return "| # | From | Message | Why |\n| --- | --- | --- | --- |\n"
                + GatewayExamples.attempt().stream()
                        .map(line -> "| %d | %s | `%s` | %s |"
                                .formatted(++number[0], line.fromHub() ? "hub" : "agent", line.type(), line.why()))
                        .collect(Collectors.joining("\n"));
    }

    private static String failures(Meanings meanings) {
        return "| Kind | Exit code | Meaning |\n| --- | --- | --- |\n"
                + Arrays.stream(FailureKind.values())
                        .map(kind -> "| `%s` | %s | %s |"
                                .formatted(
                                        kind,
                                        kind.exitCode() == 0 ? "" : kind.exitCode(),
                                        meanings.of("FailureKind", kind.name()).meaning()))
                        .collect(Collectors.joining("\n"));
    }

    private static String constants(Meanings meanings, Enum<?>[] values, String section) {
        return "| | Meaning |\n| --- | --- |\n"
                + Arrays.stream(values)
                        .map(value -> "| `%s` | %s |"
                                .formatted(
                                        value,
                                        meanings.of(section, value.name()).meaning()))
                        .collect(Collectors.joining("\n"));
    }
}
