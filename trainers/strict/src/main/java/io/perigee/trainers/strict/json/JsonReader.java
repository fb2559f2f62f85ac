package io.perigee.trainers.strict.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.perigee.trainers.strict.json.JsonValue.JsonArray;
import io.perigee.trainers.strict.json.JsonValue.JsonBoolean;
import io.perigee.trainers.strict.json.JsonValue.JsonNull;
import io.perigee.trainers.strict.json.JsonValue.JsonNumber;
import io.perigee.trainers.strict.json.JsonValue.JsonObject;
import io.perigee.trainers.strict.json.JsonValue.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON with every dimension bounded; duplicate keys and trailing text are errors. */
public final class JsonReader {
    private static final int DEPTH = 32;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxNumberLength(64)
                    .maxStringLength(4 << 20)
                    .maxNameLength(4096)
                    .build())
            .build();

    private JsonReader() {}

    /** Says why a text is not acceptable JSON; the caller knows whose fault that is. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /** Reads a whole file of at most {@code limit} bytes. */
    public static JsonValue read(Path file, long limit) throws Malformed, IOException {
        long size = Files.size(file);
        if (size > limit) {
            throw new Malformed("it has " + size + " bytes, the limit is " + limit);
        }
        return parse(Files.readAllBytes(file));
    }

    /** Parses one JSON text in UTF-8. */
    public static JsonValue parse(byte[] utf8) throws Malformed {
        return parse(utf8, 0, utf8.length);
    }

    /** Parses one JSON text in UTF-8 that is part of an array. */
    public static JsonValue parse(byte[] utf8, int offset, int length) throws Malformed {
        try (JsonParser parser = FACTORY.createParser(utf8, offset, length)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new Malformed("it is empty");
            }
            JsonValue value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new Malformed("something follows the first value");
            }
            return value;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new Malformed(e.getOriginalMessage());
        } catch (IOException e) {
            throw new Malformed(String.valueOf(e.getMessage()));
        }
    }

    private static JsonValue value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new JsonText(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getDecimalValue());
            case VALUE_TRUE -> new JsonBoolean(true);
            case VALUE_FALSE -> new JsonBoolean(false);
            case VALUE_NULL -> new JsonNull();
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("a value cannot start with " + token);
        };
    }

    private static JsonObject object(JsonParser parser) throws IOException {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            members.put(name, value(parser, parser.nextToken()));
        }
        return new JsonObject(members);
    }

    private static JsonArray array(JsonParser parser) throws IOException {
        List<JsonValue> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(parser, token));
        }
        return new JsonArray(elements);
    }
}
