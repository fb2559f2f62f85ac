package io.perigee.protocol.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.perigee.protocol.error.InvalidValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * The one way Perigee reads and writes JSON: records, instants as RFC 3339 text, unknown and duplicate keys refused,
 * nothing coerced, no text that cannot be kept, every document bounded in size and depth.
 */
public final class Json {
    /** The largest document that is read, in bytes. Evidence with ten thousand borders fits. */
    public static final int MAX_DOCUMENT_BYTES = 16 << 20;

    public static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final int USUAL_BYTES = 2_048;

    private static final JsonMapper MAPPER = create();
    private static final ObjectReader WITHIN = MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /** A mapper of these settings, for frameworks that want one of their own. Treat it as frozen. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "Expected to write " + value.getClass().getSimpleName() + " as JSON, but failed", e);
        }
    }

    /** Writes piece by piece. */
    @FunctionalInterface
    public interface Pieces {
        void write(JsonGenerator out) throws IOException;
    }

    /** What is written piece by piece: one document. */
    public static byte[] bytes(Pieces pieces) {
        var bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (var out = MAPPER.createGenerator(bytes)) {
            pieces.write(out);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to write a document as JSON, but failed", e);
        }
        return bytes.toByteArray();
    }

    /** A parser of these settings, whose reader goes on after a value. */
    public static JsonParser parser(byte[] json) throws IOException {
        return MAPPER.createParser(json);
    }

    /** Reads the value that a parser stands at, and nothing after it. */
    public static <T> T next(JsonParser parser, Class<T> type) throws IOException {
        return WITHIN.forType(type).readValue(parser);
    }

    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "Expected to write " + value.getClass().getSimpleName() + " as JSON, but failed", e);
        }
    }

    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** @throws InvalidValue when the bytes are no JSON document of this type */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return present(MAPPER.readValue(json, type), type);
        } catch (IOException e) {
            throw refusal(type, e);
        }
    }

    /** @throws InvalidValue when the text is no JSON document of this type */
    public static <T> T read(String json, Class<T> type) {
        try {
            return present(MAPPER.readValue(json, type), type);
        } catch (IOException e) {
            throw refusal(type, e);
        }
    }

    /** @throws InvalidValue when the tree has not the shape of this type */
    public static <T> T read(JsonNode json, Class<T> type) {
        try {
            return present(MAPPER.treeToValue(json, type), type);
        } catch (IOException e) {
            throw refusal(type, e);
        }
    }

    /** @throws InvalidValue when the bytes are no JSON */
    public static JsonNode parse(byte[] json) {
        return read(json, JsonNode.class);
    }

    private static <T> T present(T value, Class<T> type) {
        if (value == null) {
            throw new InvalidValue("Expected to read %s, but got null or nothing".formatted(type.getSimpleName()));
        }
        return value;
    }

    private static InvalidValue refusal(Class<?> type, IOException e) {
        return new InvalidValue("Expected to read %s, but %s".formatted(type.getSimpleName(), JsonFault.describe(e)));
    }

    private static JsonMapper create() {
        var settings = new JsonFactoryBuilder();
        settings.streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxDocumentLength(MAX_DOCUMENT_BYTES)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
        return JsonMapper.builder(new WholeText(settings))
                .addModule(new InstantModule())
                .annotationIntrospector(
                        AnnotationIntrospector.pair(new NullRules(), new JacksonAnnotationIntrospector()))
                .serializationInclusion(JsonInclude.Include.NON_NULL)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual, text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
    }
}
