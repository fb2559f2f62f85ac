package io.perigee.protocol.error;

/**
 * A text or number from outside that is not a value of the type it was meant for.
 *
 * <p>The message is one sentence, "Expected to read …, but …", fit to be shown to the person who sent the value.
 */
public final class InvalidValue extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 80;

    public InvalidValue(String message) {
        super(message);
    }

    /**
     * Words the refusal of a text.
     *
     * @param what the kind of value, with its article: "a digest"
     * @param text the text that was given; shortened when it is long
     * @param fact what is wrong with it: "it has 3 characters instead of 66"
     */
    public static InvalidValue reading(String what, String text, String fact) {
        return new InvalidValue("Expected to read %s from '%s', but %s".formatted(what, shown(text), fact));
    }

    private static String shown(String text) {
        var cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return cut.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
