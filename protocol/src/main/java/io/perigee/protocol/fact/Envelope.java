package io.perigee.protocol.fact;

import com.fasterxml.jackson.databind.JsonNode;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One record of the log.
 *
 * @param id makes redelivery harmless: every consumer remembers the ids it has seen
 * @param type the body's name in {@link BodyTypes}
 * @param key orders the record among its kind
 * @param at when it was decided
 * @param source who says so: a service's name, or for commands the provider id or builder address the gateway proved
 * @param trace W3C trace id; empty when there is none
 */
public record Envelope(UUID id, String type, String key, Instant at, String source, String trace, Body body) {
    public static final int VERSION = 1;
    private static final Set<String> KEYS = Set.of("id", "type", "v", "key", "at", "source", "trace", "body");

    /** Wraps a body; type and key are the body's own. */
    public static Envelope of(UUID id, Instant at, String source, String trace, Body body) {
        return new Envelope(id, BodyTypes.nameOf(body.getClass()), body.key(), at, source, trace, body);
    }

    public byte[] toJson() {
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("id", id.toString());
            out.writeStringField("type", type);
            out.writeNumberField("v", VERSION);
            out.writeStringField("key", key);
            out.writeStringField("at", at.toString());
            out.writeStringField("source", source);
            out.writeStringField("trace", trace);
            out.writePOJOField("body", body);
            out.writeEndObject();
        });
    }

    /** @throws InvalidValue when the bytes are no envelope of a known type and version */
    public static Envelope ofJson(byte[] bytes) {
        var plain = PlainEnvelope.read(bytes);
        return plain.isPresent() ? plain.get() : ofTree(Json.parse(bytes));
    }

    /** Who says what the bytes hold, without reading on; empty when only all of it can tell. */
    public static Optional<String> sourceOf(byte[] bytes) {
        return PlainEnvelope.source(bytes);
    }

    private static Envelope ofTree(JsonNode json) {
        json.fieldNames().forEachRemaining(name -> {
            if (!KEYS.contains(name)) {
                throw new InvalidValue("Expected to read an envelope, but the key '%s' is unknown".formatted(name));
            }
        });
        var version = json.path("v");
        if (!version.isInt() || version.intValue() != VERSION) {
            throw new InvalidValue(
                    "Expected to read an envelope of version 1, but it says '%s'".formatted(version.asText()));
        }
        var type = text(json, "type");
        var body = Json.read(json.path("body"), BodyTypes.classOf(type));
        var key = text(json, "key");
        if (!key.equals(body.key())) {
            throw new InvalidValue("Expected to read the key '%s', but it says '%s'".formatted(body.key(), key));
        }
        return new Envelope(
                Json.read(json.path("id"), UUID.class),
                type,
                key,
                Json.read(json.path("at"), Instant.class),
                text(json, "source"),
                text(json, "trace"),
                body);
    }

    private static String text(JsonNode json, String name) {
        var value = json.path(name);
        if (!value.isTextual()) {
            throw new InvalidValue("Expected to read an envelope, but '%s' is missing or no text".formatted(name));
        }
        return value.textValue();
    }
}
