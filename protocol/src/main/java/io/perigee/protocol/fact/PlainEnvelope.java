package io.perigee.protocol.fact;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.perigee.protocol.codec.Json;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads an envelope as {@link Envelope#toJson} writes it, in one go. Whatever is otherwise is for somebody who says what is wrong. */
final class PlainEnvelope {
    private static final List<String> BEFORE_SOURCE = List.of("id", "type", "v", "key", "at");

    private PlainEnvelope() {}

    /** Empty when it is spelt in another way, or wrong. */
    static Optional<Envelope> read(byte[] bytes) {
        try (var in = Json.parser(bytes)) {
            return Optional.of(read(in));
        } catch (IOException | InvalidValue | Otherwise e) {
            return Optional.empty();
        }
    }

    static Optional<String> source(byte[] bytes) {
        try (var in = Json.parser(bytes)) {
            check(in.nextToken() == JsonToken.START_OBJECT);
            for (var name : BEFORE_SOURCE) {
                field(in, name);
            }
            field(in, "source");
            return in.currentToken() == JsonToken.VALUE_STRING ? Optional.of(in.getText()) : Optional.empty();
        } catch (IOException | Otherwise e) {
            return Optional.empty();
        }
    }

    private static Envelope read(JsonParser in) throws IOException {
        check(in.nextToken() == JsonToken.START_OBJECT);
        var id = value(in, "id", UUID.class);
        var type = value(in, "type", String.class);
        field(in, "v");
        check(in.currentToken() == JsonToken.VALUE_NUMBER_INT && in.getIntValue() == Envelope.VERSION);
        var key = value(in, "key", String.class);
        var at = value(in, "at", Instant.class);
        var source = value(in, "source", String.class);
        var trace = value(in, "trace", String.class);
        field(in, "body");
        var body = Json.next(in, BodyTypes.classOf(type));
        check(body != null && key.equals(body.key()));
        check(in.nextToken() == JsonToken.END_OBJECT && in.nextToken() == null);
        return new Envelope(id, type, key, at, source, trace, body);
    }

    private static <T> T value(JsonParser in, String name, Class<T> type) throws IOException {
        field(in, name);
        check(in.currentToken() == JsonToken.VALUE_STRING);
        return Json.next(in, type);
    }

    /** To the value of the field that must be next. */
    private static void field(JsonParser in, String name) throws IOException {
        check(in.nextToken() == JsonToken.FIELD_NAME && name.equals(in.currentName()));
        in.nextToken();
    }

    private static void check(boolean asWritten) {
        if (!asWritten) {
            throw new Otherwise();
        }
    }

    private static final class Otherwise extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Otherwise() {
            super(null, null, false, false);
        }
    }
}
