package io.perigee.protocol.codec;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.util.stream.Collectors;

/** Says in plain words why Jackson refused a document, without class names. */
public final class JsonFault {
    private JsonFault() {}

    /** A clause that fits after "but": "'price.max' is missing". */
    public static String describe(IOException fault) {
        return switch (fault) {
            case StreamConstraintsException _ ->
                "it is deeper than %d levels or larger than allowed".formatted(Json.MAX_DEPTH);
            case JsonParseException e -> "it is not JSON: " + firstLine(e.getOriginalMessage());
            case UnrecognizedPropertyException e -> "the key '%s' is unknown".formatted(path(e));
            case JsonMappingException e -> "'%s' is wrong: %s".formatted(path(e), cause(e));
            default -> "it could not be read";
        };
    }

    private static String cause(JsonMappingException fault) {
        for (Throwable t = fault; t != null; t = t.getCause()) {
            if (t instanceof InvalidValue || t instanceof ArithmeticException) {
                return String.valueOf(t.getMessage());
            }
        }
        return firstLine(fault.getOriginalMessage()).replaceAll("`?(?:[a-z]+\\.)+([A-Z]\\w*)`?", "$1");
    }

    private static String path(JsonMappingException fault) {
        var path = fault.getPath().stream()
                .map(step -> step.getFieldName() != null ? "." + step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining());
        return path.startsWith(".") ? path.substring(1) : path;
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
