package io.perigee.agent.execution;

/** A stranger's text, made fit to be logged, stored and shown. */
final class Text {
    private Text() {}

    /** Control characters become spaces, ends are stripped, and the length is bounded. */
    static String bounded(String text, int most) {
        var clean = new StringBuilder(Math.min(text.length(), most + 1));
        for (int i = 0; i < text.length() && clean.length() <= most; ) {
            int c = text.codePointAt(i);
            clean.appendCodePoint(
                    Character.isISOControl(c) || Character.isSurrogate((char) c) && c < 0x10000 ? ' ' : c);
            i += Character.charCount(c);
        }
        var stripped = clean.toString().strip();
        if (stripped.length() <= most) {
            return stripped;
        }
        int end = Character.isHighSurrogate(stripped.charAt(most - 2)) ? most - 2 : most - 1;
        return stripped.substring(0, end) + "…";
    }
}
