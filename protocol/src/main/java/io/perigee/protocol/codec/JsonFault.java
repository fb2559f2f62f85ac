package io.perigee.protocol.codec;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.perigee.protocol.error.InvalidValue;
import java.io.IOException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says in plain words why Jackson refused a document, without class names. */
public final class JsonFault {
    private static final int SHOWN = 80;
    private static final Pattern CLASS = Pattern.compile("`?\\b(?:[a-z]\\w*\\.)+([A-Z]\\w*)(?:\\.[A-Z_]+)?`?");
    private static final Pattern ADVICE =
            Pattern.compile("(?: \\((?:token|index|from|for|although)\\b.*|: was expecting .*|: enable .*|, from `.*)");
    private static final Pattern MISSING =
            Pattern.compile("(?:Missing|Null value for|Invalid `null` value) .*property.*");
    private static final Pattern WRONG_SHAPE = Pattern.compile(
            "Cannot (?:deserialize .*?\\bfrom |construct .*?\\bfrom |coerce )(Array|Object|String|Integer|Floating-point|Boolean|Null) value.*");

    private JsonFault() {}

    /** A clause that fits after "but": "'price.max' is missing". */
    public static String describe(IOException fault) {
        return switch (fault) {
            case StreamConstraintsException _ ->
                "it is deeper than %d levels, or has a number, a name or a text that is too long"
                        .formatted(Json.MAX_DEPTH);
            case JsonParseException e -> "it is not JSON: " + plain(e.getOriginalMessage());
            case UnrecognizedPropertyException e -> "the key '%s' is unknown".formatted(path(e));
            case InvalidTypeIdException e -> type(e);
            case JsonMappingException e -> mapping(e);
            default -> "it could not be read";
        };
    }

    private static String type(InvalidTypeIdException fault) {
        return fault.getTypeId() == null
                ? "'type' is missing"
                : "there is no message of type '%s'".formatted(shown(fault.getTypeId()));
    }

    private static String mapping(JsonMappingException fault) {
        for (Throwable t = fault.getCause(); t != null; t = t.getCause()) {
            if (t instanceof InvalidValue || t instanceof ArithmeticException) {
                return "'%s' is wrong: %s".formatted(path(fault), t.getMessage());
            }
            if (t instanceof StreamConstraintsException || t instanceof JsonParseException) {
                return describe((IOException) t);
            }
        }
        var what = path(fault).isEmpty() ? "it" : "'%s'".formatted(path(fault));
        var message = firstLine(fault.getOriginalMessage());
        if (message.startsWith("No content")) {
            return "there is nothing";
        }
        if (message.startsWith("Trailing token")) {
            return "there is more after its end";
        }
        if (MISSING.matcher(message).matches()) {
            return what + " is missing";
        }
        var shape = WRONG_SHAPE.matcher(message);
        if (fault instanceof MismatchedInputException && shape.matches()) {
            return "%s is %s, which does not fit here".formatted(what, shape(shape.group(1)));
        }
        return "%s is wrong: %s".formatted(what, plain(message));
    }

    private static String shape(String word) {
        return switch (word) {
            case "Array" -> "a list";
            case "Object" -> "a mapping";
            case "String" -> "a text";
            case "Integer" -> "a whole number";
            case "Floating-point" -> "a number with a fraction";
            case "Boolean" -> "true or false";
            default -> "null";
        };
    }

    private static String path(JsonMappingException fault) {
        var path = fault.getPath().stream()
                .map(step -> step.getFieldName() != null ? "." + step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining());
        return shown(path.startsWith(".") ? path.substring(1) : path);
    }

    /** A sentence of Jackson's without its classes and its advice to programmers. */
    private static String plain(String text) {
        var sentence = ADVICE.matcher(firstLine(text)).replaceFirst("");
        return shown(CLASS.matcher(sentence).replaceAll("$1"));
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
